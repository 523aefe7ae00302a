package io.tallystick.invoicer.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.tallystick.invoicer.stream.CloseRequester;
import io.tallystick.invoicer.stream.CloseRequester.Closing;
import io.tallystick.invoicer.stream.InvoiceView;
import io.tallystick.invoicer.stream.RequestWriter;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.LineItemJson;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.InstantText;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/v1/periods/close}: the operator's way to close billing periods. */
public final class PeriodRoutes {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final CloseRequester closes;
    private final InvoiceView invoices;
    private final Supplier<Catalog> catalog;
    private final InstantSource clock;

    /** @param catalog as it is in force */
    public PeriodRoutes(CloseRequester closes, InvoiceView invoices, Supplier<Catalog> catalog, InstantSource clock) {
        this.closes = closes;
        this.invoices = invoices;
        this.catalog = catalog;
        this.clock = clock;
    }

    public void addTo(RoutesConfig routes) {
        routes.post("/api/v1/periods/close", this::close);
    }

    private void close(Context context) throws InterruptedException {
        JsonNode body = JsonBodies.read(context);
        Instant through = through(body.get("through"));
        String tenant = tenant(body.get("tenant"));
        if (!invoices.ready()) {
            throw RequestRefused.notReady("the invoices are still being read; try again in a moment", 1);
        }
        List<Subscription> subscriptions = catalog.get().subscriptions().values().stream()
                .filter(subscription -> tenant == null || subscription.tenant().equals(tenant))
                .toList();
        List<Closing> due;
        try {
            due = closes.due(subscriptions, through);
            closes.request(due, clock.instant(), PATIENCE);
        } catch (CloseRequester.TooManyPeriodsException e) {
            throw JsonBodies.invalid("through", "is too far: " + e.getMessage() + "; close in steps, or by tenant");
        } catch (RequestWriter.NotStoredException e) {
            throw RequestRefused.notReady(e.getMessage() + "; closing again is harmless", 5);
        }
        List<Map<String, @Nullable Object>> closing = new ArrayList<>(due.size());
        due.forEach(one -> closing.add(tree(one)));
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("closing", closing);
        JsonBodies.write(context, 202, answer);
    }

    private static Map<String, @Nullable Object> tree(Closing closing) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("tenant", closing.tenant());
        tree.put("subscription", closing.subscription());
        tree.put("period", LineItemJson.tree(closing.period()));
        tree.put("invoice", closing.invoice());
        return tree;
    }

    private static Instant through(@Nullable JsonNode node) {
        if (node == null || !node.isTextual()) {
            throw JsonBodies.invalid("through", "is an instant, as 2026-05-01T00:00:00Z");
        }
        Instant through = InstantText.parse(node.textValue())
                .orElseThrow(() -> JsonBodies.invalid(
                        "through", "is an instant, as 2026-05-01T00:00:00Z, not " + node.textValue()));
        if (!HourWindow.isWholeHour(through)) {
            throw JsonBodies.invalid("through", "falls on a whole UTC hour, which " + through + " does not");
        }
        return through;
    }

    private static @Nullable String tenant(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return null;
        }
        if (!node.isTextual()) {
            throw JsonBodies.invalid("tenant", "is a text");
        }
        return node.textValue();
    }
}
