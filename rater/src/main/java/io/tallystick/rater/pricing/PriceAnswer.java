package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.Charge;
import io.tallystick.schemas.catalog.Price;
import io.tallystick.schemas.catalog.PriceModel;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Fraction;
import io.tallystick.schemas.value.MinorUnits;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a {@link PriceRequest} costs. The lines have no period and no pricing version of their own: both are {@link #NO_PERIOD} and {@link #NO_VERSION}.
 *
 * @param amount rounded to the currency, with the true-up to the minimum
 * @param exact behind the maximum, before it is rounded and before the minimum
 * @param lines as on an invoice: without usage that comes to nothing
 */
public record PriceAnswer(BigDecimal amount, Fraction exact, List<LineItem> lines) {

    /** Stands in lines that were priced outside of any period. */
    public static final Period NO_PERIOD = new Period(Instant.EPOCH, Instant.EPOCH.plus(Duration.ofHours(1)));

    /** Stands in lines that no pricing version priced. */
    public static final String NO_VERSION = "";

    public PriceAnswer {
        lines = List.copyOf(lines);
    }

    /**
     * Rates the request by the same rules as a billing period. Usage has no dimensions here, so of a matrix only a row without conditions takes it.
     *
     * @throws IllegalArgumentException when the request has neither a quantity nor events for a charge that needs them
     */
    public static PriceAnswer to(PriceRequest request) {
        Charge charge = request.charge();
        int scale = MinorUnits.of(request.currency());
        ChargeRating rating = new ChargeRating(scale);
        UsageGroups groups = new UsageGroups(charge);
        ChargeRun run = new ChargeRun(charge, NO_VERSION, NO_PERIOD);
        UsageGroups.Key key = groups.keyOf(Dimensions.NONE);
        LineGroup group = new LineGroup(
                LineNaming.ofGroup(run, key),
                charge,
                LineNaming.label(charge, key),
                LineNaming.dimensions(charge, key),
                NO_VERSION,
                NO_PERIOD,
                Fraction.ONE,
                false);
        RatedGroup rated;
        if (key.row() == MatrixRows.NONE) {
            rated = rating.unrated(group, metered(request).quantity());
        } else {
            Price price = groups.price(key);
            rated = price.model() instanceof PriceModel.Flat
                    ? rating.fee(group, price)
                    : rating.usage(group, price, metered(request));
        }
        BigDecimal amount =
                rated.lines().stream().map(LineItem::amount).reduce(BigDecimal.ZERO.setScale(scale), BigDecimal::add);
        return new PriceAnswer(amount, rated.exact(), rated.lines());
    }

    private static Metered metered(PriceRequest request) {
        if (request.events() != null) {
            return Metered.ofEvents(request.events());
        }
        BigDecimal quantity = request.quantity();
        if (quantity == null) {
            throw new IllegalArgumentException("neither a quantity nor events");
        }
        return Metered.ofEvents(List.of(quantity));
    }
}
