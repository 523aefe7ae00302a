package io.tallystick.invoicer.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.invoicer.delivery.DeliveryState;
import io.tallystick.invoicer.delivery.DeliveryState.Status;
import io.tallystick.invoicer.delivery.InvoiceDeliveries;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.Delivery.Action;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Holds every delivery against what Stripe has: invoices one by one, usage hour by hour. */
public final class StripeReconciliation {

    private static final Duration HOUR = Duration.ofHours(1);

    private final StripeApi api;
    private final StripeMeters meters;

    public StripeReconciliation(StripeApi api) {
        this.api = api;
        this.meters = new StripeMeters(api);
    }

    private record Series(String customer, String meter) {}

    /** The differences, in order of their subjects. */
    public List<Difference> differences(Collection<DeliveryState> deliveries)
            throws ProviderSilentException, InterruptedException {
        List<Difference> differences = new ArrayList<>();
        try {
            compareInvoices(deliveries, differences);
            compareUsage(deliveries, differences);
        } catch (UnreadListException e) {
            throw new ProviderSilentException(
                    "Stripe answered with status " + e.reply().status());
        }
        differences.sort((one, other) -> one.subject().compareTo(other.subject()));
        return differences;
    }

    private void compareInvoices(Collection<DeliveryState> deliveries, List<Difference> differences)
            throws UnreadListException, InterruptedException {
        Map<String, DeliveryState> sent = new TreeMap<>();
        Set<String> withdrawn = new TreeSet<>();
        Instant earliest = Instant.MAX;
        for (DeliveryState state : deliveries) {
            Delivery delivery = state.delivery();
            if (delivery.invoice().isEmpty()) {
                continue;
            }
            if (!InvoiceDeliveries.isWithdrawal(delivery)) {
                sent.put(delivery.invoice(), state);
                Instant start = delivery.period().start();
                earliest = start.isBefore(earliest) ? start : earliest;
            } else if (state.status() == Status.DELIVERED) {
                withdrawn.add(delivery.invoice());
            } else {
                differences.add(undelivered(delivery.invoice(), "the withdrawal", state));
            }
        }
        if (sent.isEmpty()) {
            return;
        }
        Map<String, List<JsonNode>> there = new HashMap<>();
        api.each("/v1/invoices", Map.of("created[gte]", Long.toString(earliest.getEpochSecond())), one -> {
            String id =
                    one.path("metadata").path(InvoiceDeliveries.LEDGER_INVOICE).asText("");
            if (!id.isEmpty()) {
                there.computeIfAbsent(id, key -> new ArrayList<>()).add(one);
            }
        });
        for (Map.Entry<String, DeliveryState> entry : sent.entrySet()) {
            List<JsonNode> found = there.getOrDefault(entry.getKey(), List.of());
            if (withdrawn.contains(entry.getKey())) {
                compareWithdrawn(entry.getKey(), entry.getValue().delivery(), found, differences);
            } else {
                compare(entry.getKey(), entry.getValue(), found, differences);
            }
        }
        there.keySet().stream()
                .filter(id -> !sent.containsKey(id))
                .forEach(id -> differences.add(
                        new Difference(id, "Stripe has an invoice that names it, and the ledger never sent one")));
    }

    /** What is void here asks for nothing there: it is void, or what it asked for was credited, or what it credited was taken back. */
    private void compareWithdrawn(String id, Delivery delivery, List<JsonNode> found, List<Difference> differences)
            throws UnreadListException, InterruptedException {
        for (JsonNode one : found) {
            String status = one.path("status").asText();
            BigDecimal stands = isVoid(one) ? BigDecimal.ZERO : StripeWithdrawal.standing(one);
            if (status.equals("paid") && stands.signum() < 0) {
                stands = stands.add(StripeWithdrawal.takenBack(api, delivery.customer(), id));
            }
            if (stands.signum() != 0 || status.equals("draft")) {
                differences.add(new Difference(
                        id,
                        "it is void here, and " + one.path("id").asText() + " at Stripe is " + status + ", with "
                                + stands.toPlainString() + " not taken back (in the smallest unit)"));
            }
        }
    }

    private static void compare(String id, DeliveryState state, List<JsonNode> found, List<Difference> differences) {
        if (state.status() != Status.DELIVERED) {
            differences.add(undelivered(id, "it", state));
            return;
        }
        List<JsonNode> standing = found.stream().filter(one -> !isVoid(one)).toList();
        if (standing.isEmpty()) {
            differences.add(new Difference(
                    id,
                    found.isEmpty()
                            ? "it was delivered as " + state.object() + ", and Stripe does not have it"
                            : state.object() + " at Stripe is void, and it is not void here"));
        }
        if (standing.size() > 1) {
            differences.add(new Difference(id, "Stripe has it " + standing.size() + " times"));
        }
        Delivery delivery = state.delivery();
        for (JsonNode one : standing) {
            BigDecimal total = one.path("total").decimalValue();
            String currency = one.path("currency").asText().toUpperCase(Locale.ROOT);
            if (total.compareTo(delivery.expected()) != 0 || !currency.equals(delivery.currency())) {
                differences.add(new Difference(
                        id,
                        one.path("id").asText() + " at Stripe comes to " + total.toPlainString() + " " + currency
                                + ", the ledger to " + delivery.expected().toPlainString() + " "
                                + delivery.currency() + " (in the smallest unit)"));
            }
            if (one.path("status").asText().equals("draft")) {
                differences.add(new Difference(id, one.path("id").asText() + " at Stripe is a draft"));
            }
        }
    }

    private static boolean isVoid(JsonNode invoice) {
        return invoice.path("status").asText().equals("void");
    }

    private static Difference undelivered(String subject, String what, DeliveryState state) {
        String reason = state.reason().isEmpty() ? "" : ": " + state.reason();
        return new Difference(
                subject, what + " is not delivered but " + state.status().text() + reason);
    }

    private void compareUsage(Collection<DeliveryState> deliveries, List<Difference> differences)
            throws UnreadListException, InterruptedException {
        Map<Series, TreeMap<Instant, BigDecimal>> sent = new HashMap<>();
        for (DeliveryState state : deliveries) {
            Delivery delivery = state.delivery();
            boolean isUsage =
                    !delivery.steps().isEmpty() && delivery.steps().get(0).action() == Action.METER_EVENT;
            if (!isUsage) {
                continue;
            }
            if (state.status() != Status.DELIVERED) {
                differences.add(undelivered(
                        subject(
                                delivery.customer(),
                                delivery.meter(),
                                delivery.period().start()),
                        "usage",
                        state));
                continue;
            }
            sent.computeIfAbsent(new Series(delivery.customer(), delivery.meter()), key -> new TreeMap<>())
                    .merge(delivery.period().start(), delivery.expected(), BigDecimal::add);
        }
        for (Map.Entry<Series, TreeMap<Instant, BigDecimal>> entry : sent.entrySet()) {
            compare(entry.getKey(), entry.getValue(), differences);
        }
    }

    private void compare(Series series, SortedMap<Instant, BigDecimal> sent, List<Difference> differences)
            throws UnreadListException, InterruptedException {
        String meter = meters.idOf(series.meter());
        Map<Instant, BigDecimal> counted = meter == null
                ? Map.of()
                : meters.hours(
                        meter,
                        series.customer(),
                        new Period(sent.firstKey(), sent.lastKey().plus(HOUR)));
        Set<Instant> hours = new TreeSet<>(sent.keySet());
        hours.addAll(counted.keySet());
        for (Instant hour : hours) {
            BigDecimal ours = orZero(sent.get(hour));
            BigDecimal theirs = orZero(counted.get(hour));
            if (!StripeMeters.isSame(theirs, ours)) {
                differences.add(new Difference(
                        subject(series.customer(), series.meter(), hour),
                        "Stripe counted " + theirs.toPlainString() + ", " + ours.toPlainString() + " were delivered"));
            }
        }
    }

    private static BigDecimal orZero(@Nullable BigDecimal value) {
        return value == null ? BigDecimal.ZERO : value;
    }

    private static String subject(String customer, String meter, Instant hour) {
        return customer + " " + meter + " " + hour;
    }
}
