package io.tallystick.deploy.app.server;

import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import io.javalin.util.JavalinException;
import io.tallystick.deploy.app.Failure;
import io.tallystick.schemas.event.RequestRefused;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The HTTP interface of one process: the routes it is given, with keys, problems, health and metrics around them. */
public final class HttpServer implements AutoCloseable {

    /** Larger bodies are refused, in bytes. */
    public static final int BODY_BYTES_MAX = 8 << 20;

    private static final long DRAIN_MS = 5_000;

    private final Javalin javalin;
    private final String host;

    private HttpServer(Javalin javalin, String host) {
        this.javalin = javalin;
        this.host = host;
    }

    /**
     * Starts answering; a Failure when the port is taken.
     *
     * @param host the address to listen on
     * @param keys null for none; then {@code host} must be a loopback address
     * @param isReady what {@code /health/ready} says
     */
    public static HttpServer start(
            String host,
            int port,
            @Nullable ApiKeys keys,
            Metrics metrics,
            BooleanSupplier isReady,
            List<Consumer<RoutesConfig>> routes) {
        requireKeysBeyondLoopback(host, keys);
        Access access = new Access(keys);
        Javalin javalin = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.startup.startupWatcherEnabled = false;
            config.http.maxRequestSize = BODY_BYTES_MAX;
            config.http.prefer405over404 = true;
            config.jetty.modifyServer(server -> {
                server.setStopTimeout(DRAIN_MS);
                server.setErrorHandler(new JettyProblems());
            });
            config.routes.before(access::check);
            config.routes.exception(RequestRefused.class, Problems::answer);
            config.routes.exception(HttpResponseException.class, Problems::answer);
            config.routes.exception(Exception.class, Problems::answer);
            new HealthRoutes(isReady).addTo(config.routes);
            metrics.addTo(config.routes);
            routes.forEach(some -> some.accept(config.routes));
        });
        try {
            javalin.start(host, port);
        } catch (JavalinBindException e) {
            throw Failure.wrongInput(
                    "port " + port + " on " + host + " cannot be taken (" + e.getMessage() + ")",
                    "choose another with --port, 0 for any free one",
                    e);
        } catch (JavalinException e) {
            throw Failure.wrongInput(
                    "the HTTP server does not start on " + host + ":" + port + " (" + e.getMessage() + ")",
                    "choose another address with --listen and --port",
                    e);
        }
        return new HttpServer(javalin, host);
    }

    /** Refuses to be reachable from other machines without keys. */
    public static void requireKeysBeyondLoopback(String host, @Nullable ApiKeys keys) {
        try {
            if (keys == null && !InetAddress.getByName(host).isLoopbackAddress()) {
                throw Failure.wrongInput(
                        "listening on " + host + " would open the service to other machines without any key",
                        "give a key file with --keys, or leave --listen out");
            }
        } catch (UnknownHostException e) {
            throw Failure.wrongInput(
                    "'" + host + "' is not an address of this machine", "name one with --listen, as 127.0.0.1", e);
        }
    }

    /** Where clients on this machine reach it. */
    public String url() {
        String address = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
        return "http://" + (address.contains(":") ? "[" + address + "]" : address) + ":" + javalin.port();
    }

    /** Lets requests under way finish, for a few seconds, and stops. */
    @Override
    public void close() {
        javalin.stop();
    }
}
