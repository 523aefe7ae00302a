package io.tallystick.deploy.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tallystick.deploy.verify.NaiveCatalog.Charge;
import io.tallystick.deploy.verify.NaiveCatalog.Meter;
import io.tallystick.deploy.verify.NaiveCatalog.Tier;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The bill as anyone would work it out from the list of sent events: first of each identity, add up, price. Slow, obvious, and
 * without a line in common with the pipeline that it is compared to; it holds itself to what its callers send.
 */
public final class NaiveBill {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    /** The first event of each identity that a meter knows the type of. */
    private final Map<List<String>, JsonNode> accepted = new LinkedHashMap<>();

    private final List<Meter> meters;

    public NaiveBill(List<String> sent, List<Meter> meters) {
        this.meters = meters;
        for (String text : sent) {
            JsonNode event = parse(text);
            if (meters.stream().anyMatch(meter -> meter.type().equals(text(event, "type")))) {
                accepted.putIfAbsent(identity(event), event);
            }
        }
    }

    private static List<String> identity(JsonNode event) {
        return event.has("idempotencykey")
                ? List.of(text(event, "subject"), text(event, "idempotencykey"))
                : List.of(text(event, "subject"), text(event, "source"), text(event, "id"));
    }

    public int accepted() {
        return accepted.size();
    }

    /** The quantity of each tenant, meter, hour and combination of dimensions: {@code acme worker_seconds 2026-04-01T00:00:00Z {model=large}}. */
    public Map<String, BigDecimal> totals() {
        Map<String, BigDecimal> totals = new TreeMap<>();
        for (JsonNode event : accepted.values()) {
            for (Meter meter : meters) {
                if (counts(meter, event)) {
                    Map<String, String> dimensions = new TreeMap<>();
                    meter.dimensions().forEach(name -> dimensions.put(name, text(event.path("data"), name)));
                    Instant hour = timeOf(event).truncatedTo(ChronoUnit.HOURS);
                    String window = text(event, "subject") + " " + meter.name() + " " + hour + " " + dimensions;
                    totals.merge(window, valueOf(meter, event), BigDecimal::add);
                }
            }
        }
        return totals;
    }

    /** What one meter says of one tenant from {@code start} until before {@code end}. */
    public BigDecimal metered(String tenant, Meter meter, Instant start, Instant end) {
        BigDecimal sum = BigDecimal.ZERO;
        for (JsonNode event : accepted.values()) {
            boolean inside = !timeOf(event).isBefore(start) && timeOf(event).isBefore(end);
            if (inside && text(event, "subject").equals(tenant) && counts(meter, event)) {
                sum = sum.add(valueOf(meter, event));
            }
        }
        return sum;
    }

    /** The rounded amount of each charge of a tenant's plan in one period; those of usage that are 0 for 0 units are left out. */
    public Map<String, BigDecimal> lines(String tenant, List<Charge> plan, Instant start, Instant end) {
        Map<String, BigDecimal> lines = new TreeMap<>();
        for (Charge charge : plan) {
            if (charge.fee() != null) {
                lines.put(charge.name(), cents(charge.fee()));
                continue;
            }
            BigDecimal metered = metered(tenant, charge.meter(), start, end);
            BigDecimal quantity = metered.divide(charge.divideBy()); // fails if it does not end
            if (quantity.signum() != 0) {
                lines.put(charge.name(), cents(amount(charge, quantity)));
            }
        }
        return lines;
    }

    private static BigDecimal amount(Charge charge, BigDecimal quantity) {
        BigDecimal billable = quantity.subtract(charge.included()).max(quantity.min(BigDecimal.ZERO));
        if (charge.unitPrice() != null) {
            return billable.multiply(charge.unitPrice());
        }
        BigDecimal amount = BigDecimal.ZERO;
        BigDecimal from = BigDecimal.ZERO;
        for (Tier tier : charge.tiers()) {
            BigDecimal to = (tier.upTo() == null ? billable : billable.min(tier.upTo())).max(from);
            amount = amount.add(to.subtract(from).multiply(tier.unitPrice()));
            from = to;
        }
        return amount;
    }

    private static boolean counts(Meter meter, JsonNode event) {
        return meter.type().equals(text(event, "type"))
                && (meter.whereField() == null
                        || meter.whereValues().contains(text(event.path("data"), meter.whereField())));
    }

    private static BigDecimal valueOf(Meter meter, JsonNode event) {
        if (meter.value() == null) {
            return BigDecimal.ONE;
        }
        BigDecimal exact = new BigDecimal(text(event.path("data"), meter.value()));
        return meter.step() == null
                ? exact
                : exact.divide(meter.step()).setScale(0, RoundingMode.CEILING).multiply(meter.step());
    }

    private static Instant timeOf(JsonNode event) {
        return OffsetDateTime.parse(text(event, "time")).toInstant();
    }

    private static String text(JsonNode object, String field) {
        return object.path(field).asText("");
    }

    private static BigDecimal cents(BigDecimal amount) {
        return amount.setScale(2, RoundingMode.HALF_UP);
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode(); // whatever it is, it is no event
        }
    }
}
