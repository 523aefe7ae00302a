package io.tallystick.rater.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.tallystick.rater.pricing.SpendingLimits;
import io.tallystick.rater.pricing.UsageCost;
import io.tallystick.rater.stream.ChargesReader;
import io.tallystick.rater.stream.OpenCharges;
import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.event.InvoiceJson;
import io.tallystick.schemas.event.LineItemJson;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.value.CanonicalJson;
import io.tallystick.schemas.value.DecimalText;
import io.tallystick.schemas.value.Fraction;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/tenants/{t}/charges} and {@code …/access}: what the open periods cost, and whether more may be spent. */
public final class ChargesRoutes {

    private static final int PAYMENT_REQUIRED = 402;

    private final ChargesReader charges;
    private final InstantSource clock;
    private final BiPredicate<Context, String> mayRead;

    /**
     * @param clock for projections, and for what an ended period or day has spent; amounts never depend on it
     * @param mayRead whether the one who asks may read what is a tenant's
     */
    public ChargesRoutes(ChargesReader charges, InstantSource clock, BiPredicate<Context, String> mayRead) {
        this.charges = charges;
        this.clock = clock;
        this.mayRead = mayRead;
    }

    public void addTo(RoutesConfig routes) {
        routes.get("/api/v1/tenants/{tenant}/charges", this::charges);
        routes.get("/api/v1/tenants/{tenant}/access", this::access);
    }

    private void charges(Context context) {
        String tenant = tenant(context);
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put(
                "data",
                charges.open(tenant, clock.instant()).stream()
                        .map(ChargesRoutes::tree)
                        .toList());
        answer.put("next", null);
        answer.put(
                "late", charges.late(tenant).stream().map(ChargesRoutes::tree).toList());
        context.contentType("application/json").result(CanonicalJson.write(answer));
    }

    private void access(Context context) {
        String tenant = tenant(context);
        BigDecimal amount = amount(context.queryParam("amount"));
        Optional<String> subscription = Optional.ofNullable(context.queryParam("subscription"));
        ChargesReader.SpendingAnswer spent = charges.access(tenant, subscription, amount, clock.instant())
                .orElseThrow(() -> RequestRefused.notFound(
                        subscription.isPresent()
                                ? "tenant " + tenant + " has no subscription " + subscription.get()
                                : "tenant " + tenant + " has no subscription"));
        SpendingLimits.Access access = spent.access();
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("allowed", access.allowed());
        answer.put("subscription", spent.subscription().subscription());
        answer.put("spent", access.spent().toPlainString());
        answer.put("limit", text(access.limit()));
        answer.put("remaining", text(access.remaining()));
        if (!access.allowed()) {
            answer.put("fallback", access.fallback());
        }
        context.status(access.allowed() ? 200 : PAYMENT_REQUIRED)
                .contentType("application/json")
                .result(CanonicalJson.write(answer));
    }

    private String tenant(Context context) {
        String tenant = context.pathParam("tenant");
        if (!mayRead.test(context, tenant)) {
            throw new RequestRefused(403, "Forbidden", "this key may not read tenant " + tenant);
        }
        return tenant;
    }

    private static BigDecimal amount(@Nullable String text) {
        if (text == null) {
            return BigDecimal.ZERO;
        }
        return DecimalText.parse(text)
                .orElseThrow(() -> RequestRefused.badRequest("amount is a decimal, as 0.10, not " + text));
    }

    private static Map<String, @Nullable Object> tree(OpenCharges open) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("tenant", open.subscription().tenant());
        tree.put("subscription", open.subscription().subscription());
        tree.put("period", LineItemJson.tree(open.period()));
        tree.put("currency", open.currency());
        tree.put("lines", LineItemJson.trees(open.lines()));
        tree.put("total", open.total().toPlainString());
        tree.put("projectedTotal", open.projectedTotal().toPlainString());
        tree.put("shadow", InvoiceJson.shadows(open.shadows()));
        if (!open.cost().rows().isEmpty()) {
            tree.put("cost", tree(open.cost()));
        }
        return tree;
    }

    private static Map<String, @Nullable Object> tree(UsageCost cost) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("currency", cost.currency());
        tree.put("total", cost.total().toPlainString());
        tree.put("margin", cost.margin().toPlainString());
        tree.put("complete", cost.complete());
        tree.put("rows", cost.rows().stream().map(ChargesRoutes::tree).toList());
        return tree;
    }

    private static Map<String, @Nullable Object> tree(UsageCost.Row row) {
        Fraction cost = row.cost();
        BigDecimal revenue = row.revenue();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("meter", row.meter());
        tree.put("dimensions", row.dimensions().values());
        tree.put("quantity", row.quantity().shown());
        tree.put("currency", row.currency());
        tree.put("cost", cost == null ? null : cost.shown());
        tree.put("revenue", text(revenue));
        tree.put(
                "margin",
                cost == null || revenue == null
                        ? null
                        : Fraction.of(revenue).minus(cost).shown());
        return tree;
    }

    private static Map<String, @Nullable Object> tree(Alert late) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("subscription", late.subscription());
        tree.put("period", LineItemJson.tree(late.period()));
        tree.put("meter", late.meter());
        tree.put("dimensions", late.dimensions().values());
        tree.put("meteredAtClose", DecimalText.canonical(late.before()));
        tree.put("metered", DecimalText.canonical(late.after()));
        tree.put("message", late.message());
        return tree;
    }

    private static @Nullable String text(@Nullable BigDecimal amount) {
        return amount == null ? null : amount.toPlainString();
    }
}
