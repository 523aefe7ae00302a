package io.tallystick.invoicer.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.invoicer.delivery.Outcome;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What Stripe has counted on its meters, by customer and hour. */
final class StripeMeters {

    /** Stripe sums up in binary floating point: what is closer than this share is the same. */
    private static final BigDecimal TOLERANCE = new BigDecimal("0.000000001");

    private final StripeApi api;
    private final Map<String, String> idByEventName = new ConcurrentHashMap<>();

    StripeMeters(StripeApi api) {
        this.api = api;
    }

    /** Whether an hour holds an event, told by what the hour adds up to. */
    Outcome look(Delivery delivery, BigDecimal deliveredBefore) throws InterruptedException {
        try {
            String meter = idOf(delivery.meter());
            if (meter == null) {
                return new Outcome.Absent("Stripe has no meter for events called " + delivery.meter());
            }
            BigDecimal counted = hours(meter, delivery.customer(), delivery.period())
                    .getOrDefault(delivery.period().start(), BigDecimal.ZERO);
            if (isSame(counted, deliveredBefore.add(delivery.expected()))) {
                return new Outcome.Done(200, "", "the hour holds it");
            }
            if (isSame(counted, deliveredBefore)) {
                return new Outcome.Absent("the hour does not hold it");
            }
            return new Outcome.Unknown(
                    200,
                    "hour_differs",
                    "the hour holds " + counted.toPlainString() + " where " + deliveredBefore.toPlainString()
                            + " were delivered before",
                    0);
        } catch (UnreadListException e) {
            return StripeProvider.unread(e.reply());
        }
    }

    /** What was counted in each hour of a period; hours without usage are left out. */
    Map<Instant, BigDecimal> hours(String meter, String customer, Period period)
            throws InterruptedException, UnreadListException {
        Map<Instant, BigDecimal> hours = new TreeMap<>();
        api.each(
                "/v1/billing/meters/" + meter + "/event_summaries",
                Map.of(
                        "customer",
                        customer,
                        "start_time",
                        Long.toString(period.start().getEpochSecond()),
                        "end_time",
                        Long.toString(period.end().getEpochSecond()),
                        "value_grouping_window",
                        "hour"),
                one -> hours.put(
                        Instant.ofEpochSecond(one.path("start_time").asLong()),
                        one.path("aggregated_value").decimalValue()));
        return hours;
    }

    /** The id of the meter that counts events of this name; null where there is none. */
    @Nullable
    String idOf(String eventName) throws InterruptedException, UnreadListException {
        String known = idByEventName.get(eventName);
        if (known != null) {
            return known;
        }
        AtomicReference<@Nullable String> found = new AtomicReference<>();
        api.each("/v1/billing/meters", Map.of("status", "active"), one -> {
            if (isCalled(one, eventName)) {
                found.set(one.path("id").asText());
            }
        });
        String id = found.get();
        if (id != null) {
            idByEventName.put(eventName, id);
        }
        return id;
    }

    static boolean isSame(BigDecimal one, BigDecimal other) {
        BigDecimal difference = one.subtract(other).abs();
        return difference.compareTo(TOLERANCE.multiply(one.abs().max(BigDecimal.ONE))) <= 0;
    }

    private static boolean isCalled(JsonNode meter, String eventName) {
        return meter.path("event_name").asText().equals(eventName);
    }
}
