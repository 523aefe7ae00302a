package io.tallystick.schemas.catalog;

import io.tallystick.schemas.value.DecimalText;
import io.tallystick.schemas.value.MinorUnits;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a grant of prepaid credit. */
final class CreditParser {

    static final int PRIORITY_MAX = 1000;
    private static final int PRIORITY = 100;

    private CreditParser() {}

    static CreditGrant parse(FieldReader fields) {
        String credit = fields.name("credit", Names.ID);
        String tenant = SubscriptionParser.tenant(fields);
        String description = fields.optionalText("description").orElse("");
        BigDecimal amount = fields.decimal("amount", DecimalRange.POSITIVE);
        String currency = PricingParser.currency(fields);
        if (!fields.isBroken("amount")
                && !fields.isBroken("currency")
                && DecimalText.stripped(amount).scale() > MinorUnits.of(currency)) {
            fields.error(
                    "amount",
                    amount.toPlainString() + " has more decimals than " + currency + ", which has "
                            + MinorUnits.of(currency));
        }
        int priority = fields.optionalWhole("priority", 0, PRIORITY_MAX)
                .map(Math::toIntExact)
                .orElse(PRIORITY);
        Instant effectiveFrom = fields.instant("effectiveFrom");
        Optional<Instant> expiresAt = fields.optionalInstant("expiresAt");
        if (expiresAt.isPresent()
                && fields.has("effectiveFrom")
                && !fields.isBroken("effectiveFrom")
                && !expiresAt.get().isAfter(effectiveFrom)) {
            fields.error("expiresAt", "must be after effectiveFrom");
        }
        List<String> subscriptions = subscriptions(fields);
        fields.close();
        return new CreditGrant(
                credit,
                tenant,
                description,
                amount,
                currency,
                priority,
                effectiveFrom,
                expiresAt.orElse(null),
                subscriptions);
    }

    private static List<String> subscriptions(FieldReader fields) {
        Set<String> names = new LinkedHashSet<>();
        for (FieldReader.Element element : fields.optionalList("subscriptions")) {
            CatalogErrors errors = fields.reading().errors();
            if (!(element.tree() instanceof String name)) {
                errors.add(
                        element.path(),
                        "expected a subscription's name but found " + FieldReader.describe(element.tree()));
            } else if (!names.add(name)) {
                errors.add(element.path(), FieldReader.describe(name) + " stands here twice");
            }
        }
        return List.copyOf(names);
    }
}
