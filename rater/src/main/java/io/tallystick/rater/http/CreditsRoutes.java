package io.tallystick.rater.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.tallystick.rater.pricing.CreditAccount;
import io.tallystick.rater.stream.ChargesReader;
import io.tallystick.schemas.catalog.CreditGrant;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.value.CanonicalJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/v1/tenants/{t}/credits}: a tenant's prepaid credit in the order in which it is used, each balance with its events. */
public final class CreditsRoutes {

    private final ChargesReader charges;
    private final BiPredicate<Context, String> mayRead;

    /** @param mayRead whether the one who asks may read what is a tenant's */
    public CreditsRoutes(ChargesReader charges, BiPredicate<Context, String> mayRead) {
        this.charges = charges;
        this.mayRead = mayRead;
    }

    public void addTo(RoutesConfig routes) {
        routes.get("/api/v1/tenants/{tenant}/credits", this::credits);
    }

    private void credits(Context context) {
        String tenant = context.pathParam("tenant");
        if (!mayRead.test(context, tenant)) {
            throw new RequestRefused(403, "Forbidden", "this key may not read tenant " + tenant);
        }
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put(
                "data",
                charges.credits(tenant).balances().stream()
                        .map(CreditsRoutes::tree)
                        .toList());
        answer.put("next", null);
        context.contentType("application/json").result(CanonicalJson.write(answer));
    }

    private static Map<String, @Nullable Object> tree(CreditAccount.Balance balance) {
        CreditGrant grant = balance.grant();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("credit", grant.credit());
        tree.put("description", grant.description());
        tree.put("currency", grant.currency());
        tree.put("amount", grant.amount().toPlainString());
        tree.put("used", balance.used().toPlainString());
        tree.put("balance", balance.left().toPlainString());
        tree.put("priority", grant.priority());
        tree.put("effectiveFrom", grant.effectiveFrom().toString());
        tree.put("expiresAt", grant.expiresAt() == null ? null : String.valueOf(grant.expiresAt()));
        tree.put("subscriptions", grant.subscriptions());
        tree.put("events", events(balance.events()));
        return tree;
    }

    private static List<Map<String, @Nullable Object>> events(List<CreditAccount.Event> events) {
        return events.stream()
                .map(event -> {
                    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
                    tree.put("kind", event.kind().name().toLowerCase(Locale.ROOT));
                    tree.put("amount", event.amount().toPlainString());
                    tree.put("sequence", event.sequence());
                    if (!event.invoice().isEmpty()) {
                        tree.put("invoice", event.invoice());
                    }
                    return tree;
                })
                .toList();
    }
}
