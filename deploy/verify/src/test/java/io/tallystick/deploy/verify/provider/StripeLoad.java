package io.tallystick.deploy.verify.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.deploy.verify.Service;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@link StripeIT} bills: subscriptions of flat fees that end with April, an invoice each, some by Paystack, and others whose usage goes to Stripe hour
 * by hour, an event each.
 */
final class StripeLoad {

    /** Behind the fees' period. */
    static final Instant MAY = Instant.parse("2026-05-01T00:00:00Z");

    private static final int CUSTOMERS_AT_MOST = 100;
    private static final int HOURS_AT_LEAST = 4;
    private static final int CHARGES_AT_MOST = 10;
    /** So that some of it may have been sent two days ago. */
    private static final Duration USED_BEFORE_END = Duration.ofDays(4);

    private static final int BATCH = 250;

    private final int charged;
    private final int invoices;
    private final int meterEvents;
    private final int hoursPerCustomer;
    private final Instant end = Instant.now().truncatedTo(ChronoUnit.DAYS);

    /** @param withCharges whether Paystack takes a part of it */
    StripeLoad(int invoices, int meterEvents, boolean withCharges) {
        this.charged = withCharges ? Math.min(invoices, CHARGES_AT_MOST) : 0;
        this.invoices = invoices;
        this.meterEvents = meterEvents;
        // The hours of one customer go one after the other.
        this.hoursPerCustomer = Math.max(HOURS_AT_LEAST, meterEvents / CUSTOMERS_AT_MOST);
    }

    /** Where the metered subscriptions end: within the window in which Stripe takes events. */
    Instant end() {
        return end;
    }

    /** How many subscriptions have usage. */
    int metered() {
        return (meterEvents + hoursPerCustomer - 1) / hoursPerCustomer;
    }

    /** How many subscriptions are charged by Paystack. */
    int charged() {
        return charged;
    }

    /** How many deliveries come of all of it. */
    int invoicesAndEvents() {
        return invoices + charged() + meterEvents;
    }

    /** Each payer of fees pays one of their own, and one that all pay. */
    String catalog() {
        StringBuilder yaml = new StringBuilder("""
                meters:
                  - {meter: stripe_tokens, eventType: stripe.tokens, aggregation: sum, value: $.tokens}
                pricing:
                  - version: v1
                    effectiveFrom: "2026-01-01T00:00:00Z"
                    currency: USD
                    plans:
                      - plan: metered
                        charges:
                          - {charge: tokens, model: unit, meter: stripe_tokens, unitPrice: "0.01"}
                """);
        for (int i = 0; i < invoices; i++) {
            yaml.append(String.format(Locale.ROOT, """
                          - plan: plan_%d
                            charges:
                              - {charge: base, model: flat, amount: "10.05"}
                              - {charge: own, model: flat, amount: "%d.07"}
                    """, i, i));
        }
        yaml.append("subscriptions:\n");
        for (int i = 0; i < invoices; i++) {
            yaml.append(String.format(Locale.ROOT, """
                      - tenant: t%d
                        plan: plan_%d
                        start: "2026-04-01T00:00:00Z"
                        end: "2026-05-01T00:00:00Z"
                        provider: {name: stripe, mode: invoice, customer: cus_%d}
                    """, i, i, i));
        }
        for (int i = 0; i < charged(); i++) {
            yaml.append(String.format(Locale.ROOT, """
                      - tenant: p%d
                        plan: plan_%d
                        start: "2026-04-01T00:00:00Z"
                        end: "2026-05-01T00:00:00Z"
                        provider: {name: paystack, customer: AUTH_%d payer%d@example.com}
                    """, i, i, i, i));
        }
        for (int i = 0; i < metered(); i++) {
            yaml.append(String.format(Locale.ROOT, """
                      - tenant: m%d
                        plan: metered
                        start: "%s"
                        end: "%s"
                        provider: {name: stripe, mode: meter_events, customer: cus_m%d}
                    """, i, end.minus(Duration.ofDays(12)), end, i));
        }
        return yaml.toString();
    }

    /** Sends the usage: in every hour of every metered customer something else. */
    void send(Service service) {
        for (int from = 0; from < meterEvents; from += BATCH) {
            StringBuilder batch = new StringBuilder("[");
            for (int i = from; i < Math.min(meterEvents, from + BATCH); i++) {
                batch.append(i == from ? "" : ",")
                        .append(String.format(
                                Locale.ROOT,
                                "{\"specversion\":\"1.0\",\"type\":\"stripe.tokens\",\"source\":\"stripe\",\"id\":\"%d\","
                                        + "\"subject\":\"%s\",\"time\":\"%s\",\"data\":{\"tokens\":\"%s\"}}",
                                i,
                                tenant(i),
                                hour(i).plus(Duration.ofMinutes(17)),
                                tokens(i).toPlainString()));
            }
            service.post("/api/v1/events", "application/cloudevents-batch+json", batch + "]")
                    .ok();
        }
    }

    /** What Stripe shall have counted, by customer and time. */
    Map<String, BigDecimal> expectedValues() {
        Map<String, BigDecimal> values = new TreeMap<>();
        for (int i = 0; i < meterEvents; i++) {
            values.put(
                    "cus_" + tenant(i) + " "
                            + (hour(i).plus(Duration.ofHours(1)).getEpochSecond() - 1),
                    tokens(i));
        }
        return values;
    }

    /** What Stripe has counted, likewise. */
    static Map<String, BigDecimal> values(JsonNode there) {
        Map<String, BigDecimal> values = new TreeMap<>();
        for (JsonNode event : there.get("events")) {
            values.merge(
                    event.get("customer").textValue() + " " + event.get("timestamp"),
                    new BigDecimal(event.get("value").textValue()),
                    BigDecimal::add);
        }
        return values;
    }

    private String tenant(int event) {
        return "m" + event / hoursPerCustomer;
    }

    private Instant hour(int event) {
        return end.minus(USED_BEFORE_END).minus(Duration.ofHours(1 + event % hoursPerCustomer));
    }

    private static BigDecimal tokens(int event) {
        return new BigDecimal(event * 10L + 7).movePointLeft(2); // no two alike, and none ends in 0
    }
}
