package io.tallystick.invoicer.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.tallystick.invoicer.delivery.DeliveryState;
import io.tallystick.invoicer.provider.Difference;
import io.tallystick.invoicer.provider.PaystackApi;
import io.tallystick.invoicer.provider.PaystackReconciliation;
import io.tallystick.invoicer.provider.ProviderSettings;
import io.tallystick.invoicer.provider.ProviderSilentException;
import io.tallystick.invoicer.provider.StripeApi;
import io.tallystick.invoicer.provider.StripeReconciliation;
import io.tallystick.invoicer.stream.DeliveryView;
import io.tallystick.schemas.event.RequestRefused;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/v1/reconcile/{provider}}: the ledger against the provider's figures, asked for now. */
public final class ReconcileRoutes {

    private final DeliveryView view;
    private final ProviderSettings settings;

    public ReconcileRoutes(DeliveryView view, ProviderSettings settings) {
        this.view = view;
        this.settings = settings;
    }

    public void addTo(RoutesConfig routes) {
        routes.post("/api/v1/reconcile/stripe", this::stripe);
        routes.post("/api/v1/reconcile/paystack", this::paystack);
    }

    private void stripe(Context context) throws InterruptedException {
        StripeApi api = settings.stripe()
                .orElseThrow(() -> new RequestRefused(
                        409, "Conflict", "Stripe is not set up here: start the service with STRIPE_API_KEY"));
        List<DeliveryState> deliveries = deliveriesTo("stripe");
        try {
            answer(context, "stripe", deliveries.size(), new StripeReconciliation(api).differences(deliveries));
        } catch (ProviderSilentException e) {
            throw RequestRefused.notReady(e.getMessage() + "; try again", 10);
        }
    }

    private void paystack(Context context) throws InterruptedException {
        PaystackApi api = settings.paystack()
                .orElseThrow(() -> new RequestRefused(
                        409, "Conflict", "Paystack is not set up here: start the service with PAYSTACK_SECRET_KEY"));
        List<DeliveryState> deliveries = deliveriesTo("paystack");
        try {
            answer(context, "paystack", deliveries.size(), new PaystackReconciliation(api).differences(deliveries));
        } catch (ProviderSilentException e) {
            throw RequestRefused.notReady(e.getMessage() + "; try again", 10);
        }
    }

    private List<DeliveryState> deliveriesTo(String provider) {
        if (!view.ready()) {
            throw RequestRefused.notReady("the deliveries are still being read; try again in a moment", 1);
        }
        return view.deliveries(state -> state.delivery().provider().equals(provider));
    }

    private static void answer(Context context, String provider, int checked, List<Difference> differences) {
        List<Map<String, @Nullable Object>> data = new ArrayList<>();
        for (Difference difference : differences) {
            Map<String, @Nullable Object> tree = new LinkedHashMap<>();
            tree.put("subject", difference.subject());
            tree.put("problem", difference.problem());
            data.add(tree);
        }
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("provider", provider);
        answer.put("deliveries", checked);
        answer.put("differences", data);
        JsonBodies.write(context, 200, answer);
    }
}
