package io.tallystick.rater.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SpentTest {

    @Test
    void whenUsageWasRecordedIsReadWithoutTheRest() {
        Instant usedAt = Instant.parse("2026-04-02T10:00:00.123Z");
        Period april = new Period(Instant.parse("2026-04-01T00:00:00Z"), Instant.parse("2026-05-01T00:00:00Z"));
        Spent spent = new Spent(april, new BigDecimal("12.50"), april, BigDecimal.ZERO, usedAt);

        assertThat(Spent.usedAt(spent.text())).isEqualTo(usedAt);
        assertThat(Spent.parse(spent.text())).isEqualTo(spent);
    }
}
