package io.tallystick.schemas.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstantTextTest {

    @ParameterizedTest
    @CsvSource({
        "2026-04-01T00:00:00Z, 2026-04-01T00:00:00Z",
        "2026-04-01T02:00:00.123456789+02:00, 2026-04-01T00:00:00.123456789Z",
        "2026-03-31t19:00:00-05:00, 2026-04-01T00:00:00Z",
        "2028-02-29T00:00:00z, 2028-02-29T00:00:00Z",
        "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z"
    })
    void dateTimeAndOffsetNameAnInstant(String text, String instant) {
        assertThat(InstantText.parse(text)).contains(Instant.parse(instant));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-04-01",
                "2026-04-01T00:00:00",
                "2026-04-01T00:00Z",
                "2026-04-01 00:00:00Z",
                "2026-04-01T00:00:00.Z",
                "2026-04-01T00:00:00.1234567890Z",
                "2026-02-29T00:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-04-01T24:00:00Z",
                "2026-06-30T23:59:60Z",
                "2026-04-01T00:00:00+2:00",
                "2026-04-01T00:00:00+19:00",
                "+12026-04-01T00:00:00Z",
                " 2026-04-01T00:00:00Z"
            })
    void anythingElseDoesNot(String text) {
        assertThat(InstantText.parse(text)).isEmpty();
    }
}
