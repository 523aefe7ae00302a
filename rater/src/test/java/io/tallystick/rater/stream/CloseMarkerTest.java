package io.tallystick.rater.stream;

import static io.tallystick.rater.stream.RaterTopologyTest.APRIL;
import static io.tallystick.rater.stream.RaterTopologyTest.MAY;
import static io.tallystick.rater.stream.RaterTopologyTest.METERS;
import static io.tallystick.rater.stream.RaterTopologyTest.PRICES;
import static io.tallystick.rater.stream.RaterTopologyTest.more;
import static io.tallystick.rater.stream.RaterTopologyTest.subscription;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallystick.schemas.codec.ChargesCoverage;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.ChargeLine;
import io.tallystick.schemas.event.Coverage;
import io.tallystick.schemas.event.InvoiceCommand;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CloseMarkerTest {

    private TestingRater rater;

    @AfterEach
    void stop() {
        rater.close();
    }

    @Test
    void theMarkerStandsBehindTheLinesAndVouchesForThem() {
        rater = TestingRater.with(METERS, PRICES, subscription("acme", "acme-main", "growth"));
        rater.use("acme", "units", "2026-04-02T10:00:00Z", "80");
        rater.use("acme", "units", "2026-05-02T10:00:00Z", "1000");
        rater.readKeys();

        TestingRater.AtMarker closed = rater.close("acme", "acme-main", APRIL);

        assertThat(closed.total()).isEqualTo("504.00");
        Coverage expected = Coverage.EMPTY;
        for (ChargeLine line : closed.lines()) {
            expected = ChargesCoverage.plus(expected, TopicCodecs.CHARGES.encode(line));
        }
        assertThat(closed.marker().coverage()).isEqualTo(expected);
        assertThat(closed.marker().cut()).isNotNull();
        List<String> keys = rater.readKeys();
        assertThat(keys.get(0)).contains("#closed");
        assertThat(keys.subList(1, 3)).allMatch(key -> key.startsWith("-"));
        assertThat(rater.lines("acme-main", APRIL)).isEmpty();
        assertThat(rater.total("acme-main", MAY)).isEqualTo("550.00");
    }

    @Test
    void totalsThatTheMarkerDoesNotVouchForStopTheStage() {
        rater = TestingRater.with(METERS, PRICES, subscription("acme", "acme-main", "growth"));
        rater.use("acme", "units", "2026-04-02T10:00:00Z", "80");
        Coverage one = rater.coverage("acme", APRIL);

        assertThatThrownBy(() -> rater.close("acme", "acme-main", APRIL, new Coverage(one.count(), one.hash() + 1)))
                .rootCause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("acme-main");
    }

    @Test
    void aLostTotalStopsTheStage() {
        rater = TestingRater.with(METERS, PRICES, subscription("acme", "acme-main", "growth"));
        rater.use("acme", "units", "2026-04-02T10:00:00Z", "80");
        Coverage one = rater.coverage("acme", APRIL);

        assertThatThrownBy(() -> rater.close("acme", "acme-main", APRIL, one.plus(7)))
                .hasRootCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void aPeriodWithoutUsageClosesWithItsFees() {
        rater = TestingRater.with(METERS, PRICES, subscription("acme", "acme-main", "growth"));

        assertThat(rater.close("acme", "acme-main", APRIL).total()).isEqualTo("500.00");
        assertThat(rater.close("acme", "acme-main", MAY).total()).isEqualTo("500.00");
    }

    @Test
    void aPeriodThatIsAskedForTwiceClosesOnce() {
        rater = TestingRater.with(METERS, PRICES, subscription("acme", "acme-main", "growth"));
        rater.close("acme", "acme-main", APRIL);

        TestingRater.AtMarker again = rater.close("acme", "acme-main", APRIL);

        assertThat(again.marker().coverage()).isEqualTo(Coverage.EMPTY);
        assertThat(again.lines()).isEmpty();
        assertThat(rater.total("acme-main", MAY)).isEqualTo("500.00");
    }

    @Test
    void fromTheSameTotalsTheSameBytesStandInFrontOfEachMarker() {
        rater = TestingRater.with(
                METERS, PRICES, subscription("acme", "acme-main", "tiered"), more("acme", "acme-disk", "disk"));
        rater.use("acme", "storage", "2026-04-16T00:00:00Z", "10");
        rater.use("acme", "units", "2026-04-02T10:00:00Z", "80.333");
        rater.close("acme", "acme-main", APRIL);
        rater.use("acme", "units", "2026-04-02T10:30:00Z", "20");
        rater.use("acme", "storage", "2026-04-20T00:00:00Z", "7");
        rater.close("acme", "acme-disk", APRIL);
        rater.use("acme", "units", "2026-05-02T10:00:00Z", "3");
        rater.close("acme", "acme-main", MAY);

        try (TestingRater rebuilt = new TestingRater()) {
            rebuilt.catalogs.addAll(rater.catalogs);
            rater.sent.forEach(sent -> rebuilt.send(sent.record(), sent.timestamp()));

            assertThat(rebuilt.markers).isEqualTo(rater.markers).hasSize(3);
            assertThat(rebuilt.standing.keySet()).isEqualTo(rater.standing.keySet());
        }
    }

    @Test
    void theMarkerNamesTheSubscriptionThatTheRaterKnows() {
        rater = TestingRater.with(METERS, PRICES, subscription("acme", "acme-main", "growth"));

        assertThatThrownBy(() -> rater.close("acme", "nobody", APRIL))
                .rootCause()
                .hasMessageContaining("nobody");
    }

    @Test
    void otherControlsPassBehindWhatTheTenantChanged() {
        rater = TestingRater.with(METERS, PRICES, subscription("acme", "acme-main", "growth"));

        rater.send(new InvoiceCommand("acme", 0, 99, 1, "acme-main-2026-04-01", InvoiceCommand.Action.FINALIZE, ""));

        List<String> keys = rater.readKeys();
        assertThat(keys.get(keys.size() - 1)).contains("#invoice");
    }
}
