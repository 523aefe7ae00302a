package io.tallystick.deploy.app.server;

import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** {@code GET /}: the console, one static page that asks the same interface as everybody. */
public final class ConsoleRoutes {

    private static final String PAGE = "/io/tallystick/deploy/app/console.html";

    private ConsoleRoutes() {}

    public static void addTo(RoutesConfig routes) {
        byte[] page = page();
        routes.get(
                "/",
                context -> context.contentType("text/html; charset=utf-8")
                        .header(
                                "Content-Security-Policy",
                                "default-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'")
                        .header("X-Content-Type-Options", "nosniff")
                        .result(page));
    }

    private static byte[] page() {
        try (InputStream page = ConsoleRoutes.class.getResourceAsStream(PAGE)) {
            if (page == null) {
                throw new IllegalStateException("no resource " + PAGE);
            }
            return page.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
