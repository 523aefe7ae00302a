package io.tallystick.rater.stream;

import io.tallystick.rater.pricing.RatedPeriod;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.value.DecimalText;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.stream.Stream;

/** Usage that no row of a charge's matrix takes, as alerts. */
final class UnratedUsage {

    /** An alert and the name of the line that it is about. */
    record LineAlert(String line, Alert alert) {}

    private UnratedUsage() {}

    static Stream<LineAlert> alerts(RatedPeriod rated, Subscription subscription, long timestamp) {
        return rated.lines().stream()
                .filter(line -> line.kind() == LineItem.Kind.UNRATED)
                .map(line -> new LineAlert(line.line(), alert(rated, subscription, line, timestamp)));
    }

    private static Alert alert(RatedPeriod rated, Subscription subscription, LineItem line, long timestamp) {
        BigDecimal metered = line.metered() == null ? BigDecimal.ZERO : line.metered();
        return new Alert(
                subscription.tenant(),
                Alert.Kind.UNRATED_USAGE,
                subscription.subscription(),
                rated.period(),
                line.meter(),
                line.dimensions(),
                Instant.ofEpochMilli(timestamp),
                null,
                BigDecimal.ZERO,
                metered,
                "no row of the matrix of charge " + line.charge() + " takes " + DecimalText.canonical(metered) + " of "
                        + line.meter() + "; add a row, or one without conditions");
    }
}
