package io.tallystick.invoicer.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.tallystick.invoicer.delivery.DeliveryLifecycle;
import io.tallystick.invoicer.delivery.DeliveryState;
import io.tallystick.invoicer.delivery.InvoiceDeliveries;
import io.tallystick.invoicer.stream.DeliveryView;
import io.tallystick.invoicer.stream.KafkaReceipts;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.RequestRefused;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/v1/deliveries/failed}: what did not get to its provider, and {@code POST /api/v1/deliveries/{id}/retry}: takes one of them up again. */
public final class DeliveryRoutes {

    private final DeliveryView view;
    private final KafkaReceipts receipts;
    private final InstantSource clock;

    public DeliveryRoutes(DeliveryView view, KafkaReceipts receipts, InstantSource clock) {
        this.view = view;
        this.receipts = receipts;
        this.clock = clock;
    }

    public void addTo(RoutesConfig routes) {
        routes.get("/api/v1/deliveries/failed", this::failed);
        routes.post("/api/v1/deliveries/{id}/retry", this::retry);
    }

    private void failed(Context context) {
        requireReady();
        List<Map<String, @Nullable Object>> data = new ArrayList<>();
        view.deliveries(state -> state.status() == DeliveryState.Status.FAILED).stream()
                .filter(state -> !isVoid(state)) // nobody can do anything about it any more
                .sorted(Comparator.comparing(state -> state.delivery().id()))
                .forEach(state -> data.add(tree(state)));
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("data", data);
        answer.put("next", null);
        JsonBodies.write(context, 200, answer);
    }

    private boolean isVoid(DeliveryState state) {
        return view.delivery(InvoiceDeliveries.withdrawal(state.delivery().id()))
                .isPresent();
    }

    private void retry(Context context) throws InterruptedException {
        requireReady();
        String id = context.pathParam("id");
        DeliveryState state =
                view.delivery(id).orElseThrow(() -> new RequestRefused(404, "Not found", "no delivery " + id));
        if (!DeliveryLifecycle.mayReopen(state)) {
            String why = state.status() == DeliveryState.Status.FAILED
                    ? "nothing of it can be sent: " + state.reason()
                    : "it is " + state.status().text() + "; only what failed is taken up again";
            throw new RequestRefused(409, "Conflict", id + ": " + why);
        }
        if (isVoid(state)) {
            throw new RequestRefused(
                    409,
                    "Conflict",
                    id + ": invoice " + state.delivery().invoice() + " is void and is not sent any more");
        }
        try {
            receipts.write(DeliveryLifecycle.reopen(state, clock.instant()));
        } catch (KafkaException e) {
            throw RequestRefused.notReady(
                    "the brokers did not store it in time; look whether it is done, or ask again", 10);
        }
        JsonBodies.write(context, 202, Map.of("delivery", id, "status", "looked up, and sent if it is not there"));
    }

    private void requireReady() {
        if (!view.ready()) {
            throw RequestRefused.notReady("the deliveries are still being read; try again in a moment", 1);
        }
    }

    private static Map<String, @Nullable Object> tree(DeliveryState state) {
        Delivery delivery = state.delivery();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("id", delivery.id());
        tree.put("tenant", delivery.tenant());
        tree.put("subscription", delivery.subscription());
        tree.put("provider", delivery.provider());
        tree.put("customer", delivery.customer());
        tree.put("invoice", delivery.invoice().isEmpty() ? null : delivery.invoice());
        tree.put("meter", delivery.meter().isEmpty() ? null : delivery.meter());
        tree.put(
                "period",
                Map.of(
                        "start", delivery.period().start().toString(),
                        "end", delivery.period().end().toString()));
        tree.put("quantity", delivery.invoice().isEmpty() ? delivery.expected().toPlainString() : null);
        tree.put("reason", state.reason());
        return tree;
    }
}
