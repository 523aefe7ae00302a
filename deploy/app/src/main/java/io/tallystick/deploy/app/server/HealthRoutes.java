package io.tallystick.deploy.app.server;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.function.BooleanSupplier;

/** {@code /health/live} and {@code /health/ready}. */
final class HealthRoutes {

    private final BooleanSupplier isReady;

    HealthRoutes(BooleanSupplier isReady) {
        this.isReady = isReady;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/health/live", context -> answer(context, true, "live"));
        routes.get("/health/ready", context -> {
            boolean ready = isReady.getAsBoolean();
            answer(context, ready, ready ? "ready" : "starting");
        });
    }

    private static void answer(Context context, boolean ok, String status) {
        context.status(ok ? 200 : 503).contentType("application/json").result("{\"status\":\"" + status + "\"}");
    }
}
