package io.tallystick.rater.stream;

import static io.tallystick.rater.stream.RaterTopologyTest.APRIL;
import static io.tallystick.rater.stream.RaterTopologyTest.JUNE;
import static io.tallystick.rater.stream.RaterTopologyTest.MAY;
import static io.tallystick.rater.stream.RaterTopologyTest.METERS;
import static io.tallystick.rater.stream.RaterTopologyTest.PRICES;
import static io.tallystick.rater.stream.RaterTopologyTest.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.PeriodClosed;
import java.math.BigDecimal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReclosingTest {

    private static final int REISSUE = 2;
    private static final String OVER = "    end: \"2026-05-01T00:00:00Z\"\n";

    private TestingRater rater;

    @AfterEach
    void stop() {
        rater.close();
    }

    @Test
    void aSubscriptionThatIsOverIsCorrectedAtAMarkerForAdjustments() {
        rater = tiered(OVER);
        rater.use("acme", "units", "2026-04-10T00:00:00Z", "99");
        BigDecimal billed = rater.close("acme", "acme-main", APRIL).total();

        rater.use("acme", "units", "2026-04-20T00:00:00Z", "2");
        TestingRater.AtMarker first = adjust();
        assertThat(first.items()).extracting(LineItem::kind).containsOnly(LineItem.Kind.ADJUSTMENT);
        assertThat(first.total()).isEqualTo("1.50");
        billed = billed.add(first.total());

        rater.use("acme", "units", "2026-04-21T00:00:00Z", "2");
        billed = billed.add(adjust().total());

        rater.use("acme", "units", "2026-04-22T00:00:00Z", "-99");
        billed = billed.add(adjust().total());
        assertThat(billed).isEqualTo(rater.clean("acme-main", APRIL).total());
        assertThat(rater.lines("acme-main", APRIL)).isEmpty();
        assertThat(rater.charges().late("acme")).isEmpty();
    }

    @Test
    void aMarkerForAdjustmentsComesToNothingWhereNothingIsLate() {
        rater = tiered(OVER);
        rater.use("acme", "units", "2026-04-10T00:00:00Z", "99");
        rater.close("acme", "acme-main", APRIL);

        assertThat(rater.closeAgain("acme", "acme-main", APRIL, PeriodClosed.ADJUSTMENTS))
                .isEmpty();
    }

    @Test
    void aMarkerForAdjustmentsLeavesToTheNextCloseWhatItBooks() {
        rater = tiered("");
        rater.close("acme", "acme-main", APRIL);
        rater.use("acme", "units", "2026-04-20T00:00:00Z", "2");

        assertThat(rater.closeAgain("acme", "acme-main", APRIL, PeriodClosed.ADJUSTMENTS))
                .isEmpty();
        assertThat(rater.close("acme", "acme-main", MAY).total()).isEqualTo("2.00");
    }

    @Test
    void aReissueBillsTheWholePeriodWithWhatWasLate() {
        rater = tiered("");
        rater.use("acme", "units", "2026-04-10T00:00:00Z", "99");
        rater.close("acme", "acme-main", APRIL);
        rater.use("acme", "units", "2026-04-20T00:00:00Z", "2");

        TestingRater.AtMarker again = reissue();

        assertThat(again.items()).isEqualTo(rater.clean("acme-main", APRIL).lines());
        assertThat(again.total()).isEqualTo("100.50");
        assertThat(rater.lines("acme-main", MAY)).noneMatch(line -> line.kind() == LineItem.Kind.ADJUSTMENT);
        assertThat(rater.charges().late("acme")).isEmpty();
        assertThat(rater.close("acme", "acme-main", MAY).total()).isEqualTo("0");
    }

    @Test
    void aReissueTakesBackWhatAnotherInvoiceHasOfThePeriod() {
        rater = tiered("");
        rater.use("acme", "units", "2026-04-10T00:00:00Z", "99");
        rater.close("acme", "acme-main", APRIL);
        rater.use("acme", "units", "2026-04-20T00:00:00Z", "2");
        BigDecimal may = rater.close("acme", "acme-main", MAY).total();
        rater.use("acme", "units", "2026-04-21T00:00:00Z", "2");

        BigDecimal april = reissue().total();

        BigDecimal clean = rater.clean("acme-main", APRIL).total();
        assertThat(april.add(may)).isEqualTo(clean);
        rater.use("acme", "units", "2026-04-22T00:00:00Z", "-99");
        BigDecimal june = rater.close("acme", "acme-main", JUNE).total();
        assertThat(april.add(may).add(june))
                .isEqualTo(rater.clean("acme-main", APRIL).total());
    }

    @Test
    void aReissueCarriesOnceMoreWhatTheVoidedInvoiceCarriedOfOthers() {
        rater = tiered("");
        rater.use("acme", "units", "2026-04-10T00:00:00Z", "99");
        BigDecimal april = rater.close("acme", "acme-main", APRIL).total();
        rater.use("acme", "units", "2026-04-20T00:00:00Z", "2");
        TestingRater.AtMarker may = rater.close("acme", "acme-main", MAY);
        assertThat(may.total()).isEqualTo("1.50");

        TestingRater.AtMarker again =
                rater.closeAgain("acme", "acme-main", MAY, REISSUE).orElseThrow();

        assertThat(again.items()).isEqualTo(may.items());
        assertThat(april.add(again.total()))
                .isEqualTo(rater.clean("acme-main", APRIL).total());
    }

    @Test
    void aReissueIsRatedUnderWhatIsInForceAtItsMarker() {
        rater = tiered("");
        rater.use("acme", "units", "2026-04-10T00:00:00Z", "10");
        rater.close("acme", "acme-main", APRIL);
        rater.apply("""
                pricing:
                  - version: v2
                    effectiveFrom: "2026-04-01T00:00:00Z"
                    currency: USD
                    plans: [{plan: tiered, charges: [{charge: compute, model: unit, meter: units, unitPrice: "70"}]}]
                """);

        assertThat(reissue().total()).isEqualTo("700.00");
        rater.use("acme", "units", "2026-04-20T00:00:00Z", "1");
        assertThat(rater.total("acme-main", MAY)).isEqualTo("70.00");
    }

    @Test
    void aPeriodThatTakesNoCorrectionsAnyMoreIsNotIssuedAgain() {
        rater = tiered("");
        rater.at("2026-05-01T01:00:00Z").close("acme", "acme-main", APRIL);

        rater.at("2027-06-05T01:00:01Z");
        assertThat(rater.closeAgain("acme", "acme-main", APRIL, REISSUE)).isEmpty();

        rater.at("2027-06-05T01:00:00Z");
        assertThat(rater.closeAgain("acme", "acme-main", APRIL, REISSUE)).isPresent();
    }

    @Test
    void anotherFirstCloseChangesNothing() {
        rater = tiered("");
        rater.use("acme", "units", "2026-04-10T00:00:00Z", "99");
        rater.close("acme", "acme-main", APRIL);

        assertThat(rater.closeAgain("acme", "acme-main", APRIL, 1).orElseThrow().lines())
                .isEmpty();
    }

    private TestingRater.AtMarker adjust() {
        return rater.closeAgain("acme", "acme-main", APRIL, PeriodClosed.ADJUSTMENTS)
                .orElseThrow();
    }

    private TestingRater.AtMarker reissue() {
        return rater.closeAgain("acme", "acme-main", APRIL, REISSUE).orElseThrow();
    }

    private static TestingRater tiered(String more) {
        return TestingRater.with(METERS, PRICES, subscription("acme", "acme-main", "tiered") + more);
    }
}
