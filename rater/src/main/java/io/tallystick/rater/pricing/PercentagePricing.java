package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.PriceModel;
import io.tallystick.schemas.value.Fraction;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Percent of a money value plus a fixed amount per event, with an allowance and with bounds per event.
 *
 * <p>The allowance ends with whichever of free events and free amount runs out first. An event is free while neither has run out and its value does not
 * take the sum of free values above the free amount. The event that does pays percent of the part above, and the whole fixed amount. From then on
 * every event pays in full.
 */
final class PercentagePricing {

    private final PriceModel.Percentage model;
    private final Fraction rate;
    private final @Nullable Fraction freeAmount;
    private boolean allowance;
    private long freeEvents;
    private Fraction freeSum = Fraction.ZERO;
    private Fraction charged = Fraction.ZERO;
    private Fraction amount = Fraction.ZERO;
    private Fraction payingEvents = Fraction.ZERO;

    private PercentagePricing(PriceModel.Percentage model) {
        this.model = model;
        this.rate = Fraction.of(model.rate()).dividedBy(PriceModels.HUNDRED);
        this.freeAmount = model.freeAmount() == null ? null : Fraction.of(model.freeAmount());
        this.allowance = model.freeEvents() != null || model.freeAmount() != null;
    }

    static Priced price(PriceModel.Percentage model, Fraction billable, Metered metered) {
        PercentagePricing pricing = new PercentagePricing(model);
        if (model.needsEvents()) {
            for (BigDecimal value : metered.events()) {
                pricing.take(Fraction.of(value));
            }
            pricing.grow(metered.growth());
        } else {
            pricing.charged = billable;
            pricing.payingEvents = Fraction.of(metered.eventCount()).times(metered.growth());
            pricing.amount = billable.times(pricing.rate).plus(pricing.fixed());
        }
        return Priced.whole(pricing.charged, null, model.rate(), pricing.fixed().shownDecimal(), pricing.amount);
    }

    private Fraction fixed() {
        return payingEvents.times(model.fixed());
    }

    private void grow(Fraction growth) {
        charged = charged.times(growth);
        amount = amount.times(growth);
        payingEvents = payingEvents.times(growth);
    }

    private void take(Fraction value) {
        endAllowanceWhenUsedUp();
        if (!allowance) {
            pay(value);
            return;
        }
        Fraction sum = freeSum.plus(value);
        if (freeAmount != null && sum.compareTo(freeAmount) > 0) {
            allowance = false;
            pay(sum.minus(freeAmount));
        } else {
            freeEvents++;
            freeSum = sum;
        }
    }

    private void endAllowanceWhenUsedUp() {
        Long eventsMax = model.freeEvents();
        boolean eventsUsedUp = eventsMax != null && freeEvents >= eventsMax;
        boolean amountUsedUp = freeAmount != null && freeSum.compareTo(freeAmount) >= 0;
        if (eventsUsedUp || amountUsedUp) {
            allowance = false;
        }
    }

    private void pay(Fraction value) {
        Fraction price = value.times(rate).plus(Fraction.of(model.fixed()));
        if (model.minPerEvent() != null) {
            price = price.max(Fraction.of(model.minPerEvent()));
        }
        if (model.maxPerEvent() != null) {
            price = price.min(Fraction.of(model.maxPerEvent()));
        }
        charged = charged.plus(value);
        amount = amount.plus(price);
        payingEvents = payingEvents.plus(Fraction.ONE);
    }
}
