package io.tallystick.ingest.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeTest {

    private static final long SEED = Long.getLong("proof.seed", 20261121L);

    @Test
    void agreesWithJavaTimeOnRandomInstants() {
        System.out.println("event times: -Dproof.seed=" + SEED);
        Random random = new Random(SEED);
        long first = Instant.parse("0001-01-02T00:00:00Z").getEpochSecond();
        long last = Instant.parse("9999-12-30T00:00:00Z").getEpochSecond();
        for (int i = 0; i < 20_000; i++) {
            Instant instant = Instant.ofEpochSecond(
                    first + (long) (random.nextDouble() * (last - first)), random.nextInt(1_000_000_000));
            ZoneOffset offset = ZoneOffset.ofTotalSeconds(60 * (random.nextInt(2 * 1080 + 1) - 1080));
            String text = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(OffsetDateTime.ofInstant(instant, offset));
            // Java leaves the seconds out only where it formats minutes; RFC 3339 always has them.
            assertThat(EventTime.parse(text)).as(text).hasValue(instant.toEpochMilli());
        }
    }

    @Test
    void cutsFinerFractionsOff() {
        assertThat(EventTime.parse("2026-04-01T00:00:00.9999999Z"))
                .hasValue(Instant.parse("2026-04-01T00:00:00.999Z").toEpochMilli());
        assertThat(EventTime.parse("1969-12-31T23:59:59.9999Z")).hasValue(-1);
    }

    @Test
    void aLeapSecondStaysInTheDayItEnds() {
        long lastMilli = Instant.parse("2016-12-31T23:59:59.999Z").toEpochMilli();
        assertThat(EventTime.parse("2016-12-31T23:59:60Z")).hasValue(lastMilli);
        assertThat(EventTime.parse("2017-01-01T00:59:60.5+01:00")).hasValue(lastMilli);
        assertThat(EventTime.parse("2016-12-31T22:59:60Z")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-04-01T00:00:00z",
                "2026-04-01t00:00:00Z",
                "2024-02-29T23:59:59+23:59",
                "2026-04-01T00:00:00-00:00",
                "0000-01-01T00:00:00Z"
            })
    void takesWhatRfc3339Allows(String text) {
        assertThat(EventTime.parse(text)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-04-01",
                "2026-04-01T00:00:00",
                "2026-04-01 00:00:00Z",
                "2026-04-01T24:00:00Z",
                "2026-04-01T00:60:00Z",
                "2026-04-01T00:00:61Z",
                "2026-02-29T00:00:00Z",
                "1900-02-29T00:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-00-01T00:00:00Z",
                "2026-04-31T00:00:00Z",
                "2026-04-01T00:00:00.Z",
                "2026-04-01T00:00:00+24:00",
                "2026-04-01T00:00:00+02",
                "2026-04-01T00:00:00+0200",
                "2026-04-01T00:00:00ZZ",
                "٢٠٢٦-04-01T00:00:00Z",
                "+2026-04-01T00:00:00Z",
                "2026-04-01T00:00:00.0000000000000000000000000000000000000000000000000000000000000Z"
            })
    void refusesEverythingElse(String text) {
        assertThat(EventTime.parse(text)).isEmpty();
    }
}
