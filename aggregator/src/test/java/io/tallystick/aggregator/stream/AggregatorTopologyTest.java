package io.tallystick.aggregator.stream;

import static io.tallystick.aggregator.stream.TestingAggregator.dimensions;
import static io.tallystick.aggregator.stream.TestingAggregator.number;
import static io.tallystick.aggregator.stream.TestingAggregator.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallystick.aggregator.usage.ChangeFeed;
import io.tallystick.aggregator.usage.ChangedWindow;
import io.tallystick.schemas.codec.TotalsCoverage;
import io.tallystick.schemas.event.Cut;
import io.tallystick.schemas.event.InvoiceCommand;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.RevisionInForce;
import io.tallystick.schemas.event.SubscriptionSet;
import io.tallystick.schemas.event.TotalRecord;
import io.tallystick.schemas.event.WindowTotal;
import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.topic.RecordKeys;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import io.tallystick.schemas.value.CountSum;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import io.tallystick.schemas.value.UniqueValues;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;

class AggregatorTopologyTest {

    private static final Path GOLDEN = Path.of("src/test/resources/io/tallystick/aggregator/topology.txt");
    private static final Instant NOON = Instant.parse("2026-04-15T12:00:00Z");
    private static final Period APRIL =
            new Period(Instant.parse("2026-04-01T00:00:00Z"), Instant.parse("2026-05-01T00:00:00Z"));

    /** A changed topology needs a thought about the state of running installations: update with -Dgolden.update and say it in the commit. */
    @Test
    void theTopologyIsTheOneThatWasReviewed() throws IOException {
        Topology topology = AggregatorTopology.addTo(
                new Topology(),
                new Topics(Space.DEFAULT, 1),
                TestingAggregator.LOG,
                new TestingMeters(),
                new RevisionsInForce(),
                AggregatorLimits.DEFAULT,
                new ChangeFeed(),
                new AggregatorCounts());

        String described = topology.describe().toString();

        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, described);
        }
        assertThat(described).isEqualTo(Files.readString(GOLDEN));
    }

    @Test
    void eachEventChangesTheWindowOfItsOwnHourHoweverLate() {
        try (TestingAggregator aggregator = TestingAggregator.started()) {
            aggregator.event("acme", NOON, number("sum", "1.5", "m", "eu"));
            aggregator.event("acme", NOON.plusSeconds(3599), number("sum", "2", "m", "eu"));
            aggregator.event("acme", NOON.plusSeconds(3600), number("sum", "4", "m", "eu"));
            aggregator.event("acme", NOON.minusSeconds(40 * 86_400), number("sum", "-8", "m", "eu"));

            assertThat(aggregator.read())
                    .containsExactly(
                            sum(NOON, 1, 1, "1.5"),
                            sum(NOON, 2, 2, "3.5"),
                            sum(NOON.plusSeconds(3600), 3, 1, "4"),
                            sum(NOON.minusSeconds(40 * 86_400), 4, 1, "-8"));
        }
    }

    @Test
    void totalsSurviveARestart() {
        try (TestingAggregator aggregator = TestingAggregator.started()) {
            aggregator.event("acme", NOON, number("sum", "1", "m", "eu"));
            aggregator.read();

            aggregator.restart();
            aggregator.event("acme", NOON, number("sum", "2", "m", "eu"));

            assertThat(aggregator.read()).containsExactly(sum(NOON, 2, 2, "3"));
        }
    }

    @Test
    void aCloseMarkerStandsBehindItsTenantsTotalsAndNamesItsCutAndWhatItCovers() {
        try (TestingAggregator aggregator = TestingAggregator.started()) {
            aggregator.event("acme", NOON, number("sum", "1", "m", "eu"), text("unique_count", "ann"));
            aggregator.event("acme", APRIL.end(), number("sum", "1", "m", "eu"));
            aggregator.event("beta", NOON, number("sum", "7"));
            aggregator.read();

            aggregator.send(new PeriodClosed("acme", 0, 3, 1, "main", APRIL, 1, null, null), NOON);

            List<KeyValue<String, TotalRecord>> records = aggregator.readWithKeys();
            assertThat(records).hasSize(1);
            PeriodClosed closed = (PeriodClosed) records.get(0).value;
            TotalsCoverage covered = new TotalsCoverage();
            covered.add("sum", dimensions("m", "eu"), HourWindow.hourOf(NOON), 0, new CountSum(1, BigDecimal.ONE));
            covered.add(
                    "unique_count",
                    dimensions(),
                    HourWindow.hourOf(NOON),
                    0,
                    new UniqueValues(1, new TreeSet<>(List.of("ann"))));
            assertThat(closed.coverage()).isEqualTo(covered.coverage());
            assertThat(closed.cut()).isEqualTo(new Cut(TestingAggregator.LOG, 0, 4, 3));
            assertThat(records.get(0).key).isEqualTo(RecordKeys.of((TotalRecord) closed));
        }
    }

    @Test
    void everyOtherControlPassesOnAsItCame() {
        try (TestingAggregator aggregator = TestingAggregator.started()) {
            SubscriptionSet set = new SubscriptionSet("acme", 0, 1, 1, "main", "{}");
            InvoiceCommand command =
                    new InvoiceCommand("acme", 0, 2, 1, "main-2026-04-01", InvoiceCommand.Action.FINALIZE, "");
            RevisionInForce revision = new RevisionInForce(0, 2, 0, 2, "sha256:next");

            aggregator.send(set, NOON);
            aggregator.send(command, NOON);
            aggregator.send(revision, NOON);

            assertThat(aggregator.read()).containsExactly(set, command, revision);
            assertThat(aggregator.revisions.byPartition()).containsEntry(0, 2);
        }
    }

    @Test
    void aGapOrARepeatInATenantsSequenceStopsTheTask() {
        try (TestingAggregator aggregator = TestingAggregator.started()) {
            aggregator.event("acme", NOON, number("sum", "1"));

            assertThatThrownBy(() -> aggregator.send(TestingAggregator.event("acme", 3, NOON), NOON))
                    .hasStackTraceContaining("goes on with sequence 3 behind 1");
        }
        try (TestingAggregator aggregator = TestingAggregator.started()) {
            aggregator.event("acme", NOON, number("sum", "1"));

            assertThatThrownBy(() -> aggregator.send(TestingAggregator.event("acme", 1, NOON), NOON))
                    .hasStackTraceContaining("goes on with sequence 1 behind 1");
        }
    }

    @Test
    void thoseWhoListenLearnOfChangesWhenTheyCanBeRead() {
        try (TestingAggregator aggregator = TestingAggregator.started()) {
            List<String> heard = new ArrayList<>();
            ChangeFeed.Subscription listening = aggregator.feed.listen("acme", changes -> {
                for (ChangedWindow change : changes) {
                    aggregator
                            .usage("acme", change.meter())
                            .visit(
                                    change.hour(),
                                    change.hour() + 1,
                                    (dimensions, hour, state) -> heard.add(change.meter() + " " + state.count()));
                }
            });

            aggregator.event("acme", NOON, number("sum", "1"), number("max", "1"));
            aggregator.event("beta", NOON, number("sum", "1"));
            aggregator.event("acme", NOON, number("sum", "1"));
            listening.close();
            aggregator.event("acme", NOON, number("sum", "1"));

            assertThat(heard).containsExactly("sum 1", "max 1", "sum 2");
        }
    }

    @Test
    void metersThatHaveCountedAreKnown() {
        try (TestingAggregator aggregator = TestingAggregator.started()) {
            aggregator.event("acme", NOON, number("sum", "1"));

            KeyValueStore<String, byte[]> progress =
                    AggregatorStores.PROGRESS.in(aggregator.store(AggregatorStores.STORE));
            assertThat(Progress.hasCounted("sum", progress)).isTrue();
            assertThat(Progress.hasCounted("max", progress)).isFalse();
        }
    }

    private static WindowTotal sum(Instant time, long sequence, long count, String sum) {
        return new WindowTotal(
                "acme",
                0,
                "sum",
                dimensions("m", "eu"),
                HourWindow.hourOf(time),
                0,
                sequence,
                new CountSum(count, new BigDecimal(sum)));
    }
}
