package io.tallystick.invoicer.delivery;

import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.Delivery.Action;
import io.tallystick.schemas.event.Delivery.Step;
import io.tallystick.schemas.value.CanonicalJson;
import io.tallystick.schemas.value.ContentHash;
import io.tallystick.schemas.value.DecimalText;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.util.List;

/** What an hour's usage sends to a provider that does the rating itself. */
public final class UsageDeliveries {

    /** Stripe's limit for a value. */
    static final int SIGNIFICANT_DIGITS_MAX = 15;

    private static final int HASH_PREFIX_LENGTH = "sha256:".length();
    private static final int IDENTITY_LENGTH = 40;

    private UsageDeliveries() {}

    /**
     * A meter event of Stripe's. Late usage of the hour is another revision, which carries what has come to it.
     *
     * @param meter also the event's name
     * @param hour whole UTC hour
     * @param revision 0, and one more for each correction
     * @param delta what is added; negative where usage was withdrawn
     */
    public static Delivery meterEvent(
            String tenant,
            String subscription,
            Subscription.Provider provider,
            String meter,
            Period hour,
            int revision,
            BigDecimal delta) {
        BigDecimal value = DecimalText.stripped(delta);
        String identity = "mev-" + name(tenant, subscription, provider.customer(), meter, hour, revision);
        String body = new FormBody()
                .put("event_name", meter)
                .put("payload[stripe_customer_id]", provider.customer())
                .put("payload[value]", value.toPlainString())
                // Inside the hour: without it Stripe would take the time of arrival, which may be another month.
                .put("timestamp", Long.toString(hour.end().getEpochSecond() - 1))
                .putPlaceholder("identifier", Delivery.IDENTITY)
                .toString();
        String refusal = value.precision() > SIGNIFICANT_DIGITS_MAX
                ? "Stripe takes " + SIGNIFICANT_DIGITS_MAX + " significant digits; this hour has "
                        + value.toPlainString()
                : "";
        return delivery(
                identity,
                tenant,
                subscription,
                provider,
                meter,
                hour,
                value,
                new Step(Action.METER_EVENT, "/v1/billing/meter_events", body, identity),
                refusal);
    }

    /**
     * A usage record of Stripe's, for accounts that still have such prices: it sets the hour to its total, so that doing it twice is doing it once.
     *
     * @param total of the hour as it stands
     */
    public static Delivery usageRecord(
            String tenant,
            String subscription,
            Subscription.Provider provider,
            String meter,
            Period hour,
            int revision,
            BigDecimal total) {
        BigDecimal value = DecimalText.stripped(total);
        String identity = "urec-" + name(tenant, subscription, provider.customer(), meter, hour, revision);
        boolean isWhole = value.signum() >= 0 && value.stripTrailingZeros().scale() <= 0;
        String body = new FormBody()
                .put("quantity", value.toPlainString())
                .put("timestamp", Long.toString(hour.end().getEpochSecond() - 1))
                .put("action", "set")
                .toString();
        return delivery(
                identity,
                tenant,
                subscription,
                provider,
                meter,
                hour,
                value,
                new Step(
                        Action.USAGE_RECORD,
                        "/v1/subscription_items/" + provider.customer() + "/usage_records",
                        body,
                        identity),
                isWhole ? "" : "a usage record is a whole number, not " + value.toPlainString());
    }

    private static String name(
            String tenant, String subscription, String customer, String meter, Period hour, int revision) {
        String text = CanonicalJson.write(List.of(
                tenant,
                subscription,
                customer,
                meter,
                hour.start().toString(),
                hour.end().toString(),
                revision));
        return ContentHash.of(text).substring(HASH_PREFIX_LENGTH, HASH_PREFIX_LENGTH + IDENTITY_LENGTH);
    }

    private static Delivery delivery(
            String id,
            String tenant,
            String subscription,
            Subscription.Provider provider,
            String meter,
            Period hour,
            BigDecimal value,
            Step step,
            String refusal) {
        return new Delivery(
                id,
                tenant,
                subscription,
                provider.name(),
                provider.mode(),
                provider.customer(),
                meter,
                "",
                hour,
                "",
                value,
                List.of(step),
                "",
                refusal);
    }
}
