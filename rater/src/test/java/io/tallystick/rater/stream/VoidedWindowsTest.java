package io.tallystick.rater.stream;

import static io.tallystick.rater.stream.RaterTopologyTest.APRIL;
import static io.tallystick.rater.stream.RaterTopologyTest.MAY;
import static io.tallystick.rater.stream.RaterTopologyTest.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Windows that are left without events, since all of them were voided. */
class VoidedWindowsTest {

    private TestingRater rater;

    @BeforeEach
    void start() {
        rater = TestingRater.with("""
                meters:
                  - {meter: least, eventType: used, aggregation: min, value: $.v}
                  - {meter: seats, eventType: used, aggregation: time_weighted, value: $.v}
                pricing:
                  - version: v1
                    effectiveFrom: "2026-01-01T00:00:00Z"
                    currency: USD
                    plans:
                      - plan: growth
                        charges:
                          - {charge: least, model: unit, meter: least, unitPrice: "1"}
                          - {charge: seats, model: unit, meter: seats, unitPrice: "1"}
                """, subscription("acme", "acme-main", "growth"));
    }

    @AfterEach
    void stop() {
        rater.close();
    }

    @Test
    void aWindowWithoutEventsIsAsIfItHadNeverBeen() {
        rater.use("acme", "least", "2026-04-10T00:00:00Z", "7");
        rater.use("acme", "least", "2026-04-11T00:00:00Z", "9");
        rater.voidAll("acme", "least", "2026-04-10T00:00:00Z");
        assertThat(rater.total("acme-main", APRIL)).isEqualTo("9.00"); // and not 0, the smallest of nothing

        rater.voidAll("acme", "least", "2026-04-11T00:00:00Z");
        assertThat(rater.lines("acme-main", APRIL)).isEmpty();

        assertThat(rater.close("acme", "acme-main", APRIL).total()).isZero();
    }

    @Test
    void aLevelThatIsVoidedNoLongerHoldsOn() {
        rater.use("acme", "seats", "2026-04-01T00:00:00Z", "3");
        rater.use("acme", "least", "2026-05-10T00:00:00Z", "7");
        assertThat(rater.total("acme-main", MAY)).isEqualTo("10.00");

        rater.voidAll("acme", "seats", "2026-04-01T00:00:00Z");

        assertThat(rater.total("acme-main", MAY)).isEqualTo("7.00");
    }

    @Test
    void whatIsVoidedBehindACloseIsGivenBackWithTheNext() {
        rater.use("acme", "least", "2026-04-10T00:00:00Z", "7");
        rater.use("acme", "seats", "2026-04-01T00:00:00Z", "3");
        BigDecimal billed = rater.close("acme", "acme-main", APRIL).total();
        assertThat(billed).isEqualTo("10.00");

        rater.voidAll("acme", "least", "2026-04-10T00:00:00Z");
        rater.voidAll("acme", "seats", "2026-04-01T00:00:00Z");

        assertThat(rater.close("acme", "acme-main", MAY).total()).isEqualTo("-10.00");
    }
}
