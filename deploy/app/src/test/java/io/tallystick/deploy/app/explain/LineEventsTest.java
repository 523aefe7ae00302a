package io.tallystick.deploy.app.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.EventVoided;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.event.Reading;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LineEventsTest {

    private static final Period APRIL =
            new Period(Instant.parse("2026-04-01T00:00:00Z"), Instant.parse("2026-05-01T00:00:00Z"));

    /** Three events, the second voided behind them; the offset of each is its sequence. */
    private static final List<AcceptedRecord> LOG = List.of(event(1, "5"), event(2, "7"), event(3, "11"), voided(4, 2));

    @Test
    void whatIsVoidedInFrontOfTheCloseIsInNoLine() {
        LineEvents events = read(0, Set.of(2L));

        assertThat(events.page()).extracting(LineEvents.Value::sequence).containsExactly(1L, 3L);
        assertThat(sum(events)).isEqualByComparingTo("16");
    }

    @Test
    void whatIsVoidedBehindTheCloseIsInTheLine() {
        assertThat(sum(read(0, Set.of()))).isEqualByComparingTo("23");
    }

    @Test
    void aCorrectionGivesBackWhatWasBilledAndIsVoidedSince() {
        LineEvents events = read(3, Set.of(2L));

        assertThat(events.page()).extracting(LineEvents.Value::isTakenBack).containsExactly(false, true);
        assertThat(sum(events)).isEqualByComparingTo("4"); // 11 came, 7 went
    }

    @Test
    void aCorrectionHasNothingOfWhatCameAndWentSince() {
        assertThat(sum(read(2, Set.of(2L)))).isEqualByComparingTo("11");
    }

    private static LineEvents read(long from, Set<Long> voided) {
        LineEvents events = new LineEvents("units", APRIL, reading -> true, from, -1, 10, voided::contains);
        LOG.forEach(record -> events.take(record, record.sequence()));
        return events;
    }

    private static BigDecimal sum(LineEvents events) {
        return events.hours().values().stream().map(LineEvents.Hour::sum).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static AcceptedEvent event(long sequence, String value) {
        long time = APRIL.start().toEpochMilli() + sequence;
        return new AcceptedEvent(
                "acme",
                0,
                sequence,
                new Place(0, sequence),
                new Identity(0, sequence),
                0,
                1,
                time,
                time,
                readings(value));
    }

    private static EventVoided voided(long sequence, long event) {
        long time = APRIL.start().toEpochMilli() + event;
        return new EventVoided(
                "acme",
                0,
                sequence,
                event,
                new Place(0, event),
                new Identity(0, event),
                1,
                time,
                readings("7"),
                "a test",
                time);
    }

    private static List<Reading> readings(String value) {
        return List.of(new Reading("units", Dimensions.NONE, new BigDecimal(value), null));
    }
}
