package io.tallystick.schemas.catalog;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a pricing version with its plans. */
final class PricingParser {

    /** Ten years: longer than that it is no transition. */
    private static final int TRANSITION_DAYS_MAX = 3660;

    private PricingParser() {}

    static PricingVersion parse(FieldReader fields) {
        String version = fields.name("version", Names.ID);
        String description = fields.optionalText("description").orElse("");
        Instant effectiveFrom = fields.instant("effectiveFrom");
        String currency = currency(fields);
        List<FieldReader.Element> elements = fields.list("plans");
        if (elements.isEmpty() && fields.value("plans") instanceof List<?> list && list.isEmpty()) {
            fields.error("plans", "has no plan");
        }
        List<Plan> plans = new ArrayList<>(elements.size());
        Map<String, String> placeByName = new HashMap<>();
        for (FieldReader.Element element : elements) {
            FieldReader planFields = FieldReader.of(fields.reading(), "plan", element.path(), element.tree());
            Plan plan = plan(planFields);
            refuseTwin(planFields, "plan", plan.plan(), placeByName);
            plans.add(plan);
        }
        fields.close();
        return new PricingVersion(version, description, effectiveFrom, currency, plans);
    }

    static String currency(FieldReader fields) {
        String currency = fields.text("currency");
        if (fields.has("currency") && !fields.isBroken("currency") && !Currencies.isCurrency(currency)) {
            String upper = currency.toUpperCase(Locale.ROOT);
            fields.error(
                    "currency",
                    FieldReader.describe(currency) + " is not a currency of ISO 4217"
                            + (Currencies.isCurrency(upper) ? "; did you mean " + upper + "?" : ""));
        }
        return currency;
    }

    private static Plan plan(FieldReader fields) {
        String name = fields.name("plan", Names.ID);
        String description = fields.optionalText("description").orElse("");
        BigDecimal commitment = fields.optionalObject("commitment", "commitment")
                .map(PricingParser::commitment)
                .orElse(null);
        List<Charge> charges = new ArrayList<>();
        Map<String, String> placeByName = new HashMap<>();
        for (FieldReader.Element element : fields.optionalList("charges")) {
            FieldReader chargeFields = FieldReader.of(fields.reading(), "charge", element.path(), element.tree());
            Charge charge = ChargeParser.parse(chargeFields);
            refuseTwin(chargeFields, "charge", charge.charge(), placeByName);
            charges.add(charge);
        }
        Transition transition = fields.optionalObject("transition", "transition")
                .map(PricingParser::transition)
                .orElse(null);
        fields.close();
        return new Plan(name, description, commitment, charges, transition);
    }

    private static Transition transition(FieldReader fields) {
        Transition.Cap cap =
                fields.optionalObject("cap", "cap").map(PricingParser::cap).orElse(null);
        Transition.Relief credit = fields.optionalObject("credit", "transition credit")
                .map(PricingParser::relief)
                .orElse(null);
        if (!fields.has("cap") && !fields.has("credit")) {
            fields.require("cap");
        }
        fields.close();
        return new Transition(cap, credit);
    }

    private static Transition.Cap cap(FieldReader fields) {
        String from = fields.name("from", Names.ID);
        BigDecimal percent = fields.decimal("percent", DecimalRange.RATE_PERCENT);
        int days = days(fields);
        fields.close();
        return new Transition.Cap(from, percent, days);
    }

    private static Transition.Relief relief(FieldReader fields) {
        BigDecimal amount = fields.decimal("amount", DecimalRange.POSITIVE);
        int days = days(fields);
        fields.close();
        return new Transition.Relief(amount, days);
    }

    private static int days(FieldReader fields) {
        return Math.toIntExact(fields.whole("days", 1, TRANSITION_DAYS_MAX));
    }

    private static @Nullable BigDecimal commitment(FieldReader fields) {
        BigDecimal amount = fields.decimal("amount", DecimalRange.NOT_NEGATIVE);
        fields.close();
        return amount;
    }

    /** Reports an object whose name another one before it has. */
    static void refuseTwin(FieldReader fields, String field, String name, Map<String, String> placeByName) {
        Optional<String> twin = Optional.ofNullable(placeByName.putIfAbsent(name, fields.path()));
        if (twin.isPresent() && !name.isEmpty()) {
            fields.error(field, FieldReader.describe(name) + " is the name of " + twin.get() + " already");
        }
    }
}
