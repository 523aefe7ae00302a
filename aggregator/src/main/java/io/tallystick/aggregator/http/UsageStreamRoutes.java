package io.tallystick.aggregator.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.http.sse.SseClient;
import io.tallystick.aggregator.usage.ChangeFeed;
import io.tallystick.aggregator.usage.UsageReading;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.event.RequestRefused;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/** {@code GET /api/v1/tenants/{tenant}/usage/stream}: a tenant's hourly totals as they change, as server-sent events. */
public final class UsageStreamRoutes {

    /** Each listener has a thread of its own. */
    private static final int LISTENERS_MAX = 100;

    private static final int RETRY_AFTER_SECONDS = 10;

    private final ChangeFeed feed;
    private final UsageReading usage;
    private final Supplier<Catalog> catalog;
    private final BiPredicate<Context, String> mayRead;
    private final Semaphore listeners = new Semaphore(LISTENERS_MAX);
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "usage-stream");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param feed what the aggregator of this process says
     * @param catalog as it is in force
     * @param mayRead whether the one who asks may read what is a tenant's
     */
    public UsageStreamRoutes(
            ChangeFeed feed, UsageReading usage, Supplier<Catalog> catalog, BiPredicate<Context, String> mayRead) {
        this.feed = feed;
        this.usage = usage;
        this.catalog = catalog;
        this.mayRead = mayRead;
    }

    public void addTo(RoutesConfig routes) {
        routes.get("/api/v1/tenants/{tenant}/usage/stream", this::stream);
    }

    private void stream(Context context) throws IOException {
        String tenant = context.pathParam("tenant");
        if (!mayRead.test(context, tenant)) {
            throw new RequestRefused(403, "Forbidden", "this key may not read tenant " + tenant);
        }
        Optional<URI> holder = usage.holder(tenant);
        if (holder.isPresent()) {
            URI target = holder.get().resolve(context.req().getRequestURI());
            context.redirect(target.toString(), HttpStatus.TEMPORARY_REDIRECT);
            return;
        }
        if (!listeners.tryAcquire()) {
            throw RequestRefused.notReady(
                    LISTENERS_MAX + " listen already; ask for the totals instead, or later", RETRY_AFTER_SECONDS);
        }
        HttpServletResponse response = context.res();
        response.setStatus(HttpStatus.OK.getCode());
        response.setContentType("text/event-stream");
        response.setCharacterEncoding("UTF-8");
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("X-Accel-Buffering", "no"); // a proxy that collects the answer would never deliver it
        response.flushBuffer();
        SseClient client = new SseClient(context);
        client.keepAlive();
        UsageStream stream = new UsageStream(tenant, client, usage, catalog);
        ChangeFeed.Subscription subscription = feed.listen(tenant, stream::changed);
        threads.execute(() -> {
            try {
                stream.run();
            } finally {
                subscription.close();
                listeners.release();
                client.close();
            }
        });
    }
}
