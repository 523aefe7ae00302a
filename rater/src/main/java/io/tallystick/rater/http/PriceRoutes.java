package io.tallystick.rater.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;

/** {@code POST /api/v1/price}: JSON lines in, JSON lines out; a request that is one JSON value over several lines is taken whole. */
public final class PriceRoutes {

    public void addTo(RoutesConfig routes) {
        routes.post("/api/v1/price", PriceRoutes::price);
    }

    private static void price(Context context) {
        String body = new String(context.bodyAsBytes(), StandardCharsets.UTF_8);
        context.status(200).contentType("application/x-ndjson; charset=utf-8").result(PriceLines.answerAll(body));
    }
}
