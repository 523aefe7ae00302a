package io.tallystick.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallystick.schemas.event.WindowTotal;
import io.tallystick.schemas.value.CanonicalJson;
import io.tallystick.schemas.value.CountSum;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordKeysTest {

    private static final List<String> TEXTS =
            List.of("acme", "Ä \"ö\"", "a\\", "\\\"", "a\",\"b", "\u0001", "😀", "#closed", " ");

    private final Random random = new Random(11);

    @Test
    void aTotalsKeyIsTheCanonicalJsonOfItsParts() {
        for (int i = 0; i < 5_000; i++) {
            Dimensions dimensions = random.nextBoolean()
                    ? Dimensions.NONE
                    : Dimensions.of(Map.of("region", any(), "model", any() + random.nextInt(3_000)));
            long hour = 490_000L + random.nextInt(1_000);
            int part = random.nextInt(3);
            WindowTotal total =
                    new WindowTotal(any(), 0, any(), dimensions, hour, part, 1, new CountSum(1, BigDecimal.ONE));
            List<Object> parts = List.of(
                    total.tenant(), total.meter(), HourWindow.startOf(hour).toString(), dimensions.values());
            assertThat(RecordKeys.of(total))
                    .isEqualTo(CanonicalJson.write(
                            part == 0 ? parts : List.of(parts.get(0), parts.get(1), parts.get(2), parts.get(3), part)));
        }
    }

    @Test
    void aLinesKeyIsTheCanonicalJsonOfItsParts() {
        for (int i = 0; i < 2_000; i++) {
            Instant start = Instant.ofEpochMilli(40_000_001L * random.nextInt(5_000));
            String tenant = any();
            String subscription = any();
            String line = any();
            assertThat(RecordKeys.chargeLine(tenant, subscription, new Period(start, start.plusSeconds(1)), line))
                    .isEqualTo(CanonicalJson.write(List.of(tenant, subscription, start.toString(), line)));
        }
    }

    @Test
    void theTenantIsFoundWhateverItsCharacters() {
        for (String tenant : TEXTS) {
            assertThat(RecordKeys.tenantOf(CanonicalJson.write(List.of(tenant, "x", "y\"z"))))
                    .isEqualTo(tenant);
            assertThat(RecordKeys.tenantOf(CanonicalJson.write(List.of(tenant))))
                    .isEqualTo(tenant);
        }
        assertThat(RecordKeys.tenantOf("[\"\",\"#revision\",\"3\",\"1\"]")).isEmpty();
    }

    @Test
    void whatIsNoKeyIsRefused() {
        for (String key : List.of("", "acme", "\"acme\",", "[\"acme", "[\"acme\\\",\"x")) {
            assertThatThrownBy(() -> RecordKeys.tenantOf(key)).isInstanceOf(RuntimeException.class);
        }
    }

    private String any() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }
}
