package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.CatalogError;
import io.tallystick.schemas.catalog.Charge;
import io.tallystick.schemas.catalog.ChargeParser;
import io.tallystick.schemas.catalog.Currencies;
import io.tallystick.schemas.catalog.PriceModel;
import io.tallystick.schemas.value.DecimalText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a {@link PriceRequest} from a tree of JDK maps, lists, texts and BigDecimals. Fields that it does not know are ignored. */
public final class PriceRequestParser {

    private final List<CatalogError> errors = new ArrayList<>();

    private PriceRequestParser() {}

    /**
     * What was read.
     *
     * @param request null when there are errors
     * @param errors each with its path, in the order of the request's fields
     */
    public record Parsed(@Nullable PriceRequest request, List<CatalogError> errors) {}

    public static Parsed parse(@Nullable Object tree) {
        PriceRequestParser parser = new PriceRequestParser();
        PriceRequest request =
                tree instanceof Map<?, ?> fields ? parser.request(fields) : parser.refuse("", "expected a JSON object");
        return new Parsed(parser.errors.isEmpty() ? request : null, List.copyOf(parser.errors));
    }

    private @Nullable PriceRequest request(Map<?, ?> fields) {
        String currency = currency(fields.get("currency"));
        ChargeParser.Parsed parsed = ChargeParser.parse(fields.get("charge"), "charge");
        errors.addAll(parsed.errors());
        Optional<BigDecimal> quantity = number("quantity", fields.get("quantity"));
        List<BigDecimal> events = events(fields.get("events"));
        Charge charge = parsed.charge();
        if (fields.get("quantity") != null && fields.get("events") != null) {
            return refuse("events", "stands beside quantity: give one of the two");
        }
        boolean isUsageGiven = fields.get("quantity") != null || fields.get("events") != null;
        if (charge != null && !(charge.price().model() instanceof PriceModel.Flat) && !isUsageGiven) {
            return refuse("quantity", "is missing: give the quantity, or events with the value of each event");
        }
        return charge == null ? null : new PriceRequest(charge, currency, quantity.orElse(null), events);
    }

    private String currency(@Nullable Object value) {
        if (value instanceof String code && Currencies.isCurrency(code)) {
            return code;
        }
        refuse(
                "currency",
                value == null
                        ? "is missing: an ISO 4217 code, as \"USD\""
                        : "is no currency of ISO 4217 in use; write it as \"USD\"");
        return "";
    }

    private @Nullable List<BigDecimal> events(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        List<BigDecimal> events = new ArrayList<>();
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                String path = "events[" + i + "]";
                if (list.get(i) == null) {
                    refuse(path, "is no number");
                }
                number(path, list.get(i)).ifPresent(events::add);
            }
        } else {
            refuse("events", "is no list: give the value of each event, as [\"10\", \"80\"]");
        }
        return events;
    }

    private Optional<BigDecimal> number(String path, @Nullable Object value) {
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof BigDecimal number) {
            return Optional.of(number);
        }
        Optional<BigDecimal> number = value instanceof String text ? DecimalText.parse(text) : Optional.empty();
        if (number.isEmpty()) {
            refuse(path, "is no number; write it as \"12.5\"");
        }
        return number;
    }

    private @Nullable PriceRequest refuse(String path, String message) {
        errors.add(new CatalogError(path, message));
        return null;
    }
}
