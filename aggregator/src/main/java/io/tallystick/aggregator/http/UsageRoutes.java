package io.tallystick.aggregator.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.tallystick.aggregator.usage.UsageAnswer;
import io.tallystick.aggregator.usage.UsageQuery;
import io.tallystick.aggregator.usage.UsageReading;
import io.tallystick.aggregator.usage.UsageRow;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.event.RequestRefused;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/meters}: the meters, and what a tenant has used of one. */
public final class UsageRoutes {

    private final UsageReading usage;
    private final Supplier<Catalog> catalog;
    private final BiPredicate<Context, String> mayRead;
    private final LongConsumer answerNanos;
    private final HolderClient holders = new HolderClient();

    /**
     * @param catalog as it is in force
     * @param mayRead whether the one who asks may read what is a tenant's
     */
    public UsageRoutes(UsageReading usage, Supplier<Catalog> catalog, BiPredicate<Context, String> mayRead) {
        this(usage, catalog, mayRead, nanos -> {});
    }

    /** @param answerNanos takes how long each answer from this process's own stores took, in nanoseconds */
    public UsageRoutes(
            UsageReading usage,
            Supplier<Catalog> catalog,
            BiPredicate<Context, String> mayRead,
            LongConsumer answerNanos) {
        this.usage = usage;
        this.catalog = catalog;
        this.mayRead = mayRead;
        this.answerNanos = answerNanos;
    }

    public void addTo(RoutesConfig routes) {
        routes.get("/api/v1/meters", this::meters);
        routes.get("/api/v1/meters/{meter}/query", this::query);
    }

    private void meters(Context context) {
        List<Map<String, @Nullable Object>> data = new ArrayList<>();
        catalog.get().meters().values().forEach(meter -> data.add(UsageBodies.meter(meter)));
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("data", data);
        answer.put("next", null);
        context.contentType("application/json").result(UsageBodies.json(answer));
    }

    private void query(Context context) {
        String name = context.pathParam("meter");
        Meter meter = catalog.get().meters().get(name);
        if (meter == null) {
            throw RequestRefused.notFound("there is no meter " + name);
        }
        UsageParameters parameters = new UsageParameters(context.queryParamMap());
        String tenant = parameters.subject();
        if (!mayRead.test(context, tenant)) {
            throw new RequestRefused(403, "Forbidden", "this key may not read tenant " + tenant);
        }
        UsageQuery query = parameters.query(meter);
        Optional<URI> holder = usage.holder(tenant);
        if (holder.isPresent()) {
            holders.forward(context, holder.get());
            return;
        }
        long start = System.nanoTime();
        List<UsageRow> rows = usage.read(tenant, name, windows -> UsageAnswer.to(query, windows));
        answerNanos.accept(System.nanoTime() - start);
        if (wantsCsv(context)) {
            context.contentType("text/csv; charset=utf-8").result(UsageBodies.csv(query, rows));
        } else {
            context.contentType("application/json").result(UsageBodies.json(UsageBodies.usage(query, rows)));
        }
    }

    /** CSV is for those who ask for it; any other Accept is answered in JSON. */
    private static boolean wantsCsv(Context context) {
        String accept = context.header("Accept");
        return accept != null && accept.toLowerCase(Locale.ROOT).contains("text/csv");
    }
}
