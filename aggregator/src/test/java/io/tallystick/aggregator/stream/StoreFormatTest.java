package io.tallystick.aggregator.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.aggregator.stream.StoredWindows.Part;
import io.tallystick.aggregator.stream.TotalsKey.Parsed;
import io.tallystick.schemas.value.CountSum;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.UniqueValues;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;

/** The bytes in the stores: what stands there must be readable by every later release. */
class StoreFormatTest {

    private static final List<String> TEXTS = List.of("", "a", "aa", "b", "ä✓", "a\u0000b", "x".repeat(200));

    @Test
    void keysComeBackAsTheyWere() {
        for (String tenant : TEXTS) {
            for (String value : TEXTS) {
                TotalsKey key = new TotalsKey(tenant, "tokens", -3, Dimensions.of(Map.of("model", value, "", tenant)));

                assertThat(TotalsKey.parse(key.bytes().get())).isEqualTo(new Parsed(key, -1, 0));
                assertThat(TotalsKey.parse(key.partBytes(23, 70_000).get())).isEqualTo(new Parsed(key, 23, 70_000));
            }
        }
    }

    @Test
    void theRangeOfSomeDaysHoldsTheirKeysAndNoOthers() {
        List<TotalsKey> keys = new ArrayList<>();
        for (String tenant : TEXTS) {
            for (String meter : List.of("a", "ab", "b")) {
                for (int day : List.of(Integer.MIN_VALUE, -1, 0, 1, 20_000, Integer.MAX_VALUE)) {
                    keys.add(new TotalsKey(tenant, meter, day, Dimensions.NONE));
                    keys.add(new TotalsKey(tenant, meter, day, Dimensions.of(Map.of("model", tenant))));
                }
            }
        }
        Collections.shuffle(keys, new Random(3));
        for (TotalsKey first : keys.subList(0, 60)) {
            int lastDay = first.time() < Integer.MAX_VALUE - 2 ? first.time() + 2 : Integer.MAX_VALUE;
            Bytes from = TotalsKey.firstOf(first.tenant(), first.meter(), first.time());
            Bytes to = TotalsKey.lastOf(first.tenant(), first.meter(), lastDay);
            for (TotalsKey key : keys) {
                boolean inside = key.tenant().equals(first.tenant())
                        && key.meter().equals(first.meter())
                        && key.time() >= first.time()
                        && key.time() <= lastDay;
                for (Bytes bytes : List.of(key.bytes(), key.partBytes(23, Integer.MAX_VALUE))) {
                    assertThat(from.compareTo(bytes) <= 0 && bytes.compareTo(to) <= 0)
                            .as("%s in %s to %d", key, first, lastDay)
                            .isEqualTo(inside);
                }
            }
        }
    }

    @Test
    void fullPartsStandRightBehindTheirDay() {
        TotalsKey day = new TotalsKey("acme", "tokens", 20_558, Dimensions.of(Map.of("model", "gpt")));
        TotalsKey next = new TotalsKey("acme", "tokens", 20_558, Dimensions.of(Map.of("model", "gpu")));

        assertThat(day.bytes()).isLessThan(day.partBytes(0, 0));
        assertThat(day.partBytes(1, 2)).isLessThan(day.partBytes(1, 10)).isLessThan(day.partBytes(2, 0));
        assertThat(day.partBytes(23, Integer.MAX_VALUE)).isLessThan(next.bytes());
    }

    @Test
    void daysComeBackAsTheyWereWhicheverHoursTheyHave() {
        Random random = new Random(5);
        for (int run = 0; run < 100; run++) {
            byte[][] windows = new byte[24][];
            for (int slot = 0; slot < 24; slot++) {
                if (random.nextBoolean()) {
                    windows[slot] = new byte[random.nextInt(300)];
                    random.nextBytes(windows[slot]);
                }
            }

            assertThat(StoredWindows.decodeDay(StoredWindows.encodeDay(windows)))
                    .isDeepEqualTo(windows);
        }
    }

    @Test
    void theBytesAreTheOnesThatWereReleased() {
        TotalsKey key = new TotalsKey("acme", "tokens", 20_558, Dimensions.of(Map.of("model", "gpt")));
        byte[][] windows = new byte[24][];
        windows[0] = StoredWindows.encode(new Part(0, 981, new CountSum(3, new BigDecimal("0.30"))));
        windows[23] = StoredWindows.encode(new Part(2, 7, new UniqueValues(2, new TreeSet<>(List.of("ann")))));

        assertThat(HexFormat.of().formatHex(key.bytes().get()))
                .isEqualTo("0461636d6506746f6b656e738000504e01056d6f64656c03677074");
        assertThat(HexFormat.of().formatHex(key.partBytes(23, 1).get()))
                .isEqualTo("0461636d6506746f6b656e738000504e01056d6f64656c036770741700000001");
        assertThat(HexFormat.of().formatHex(StoredWindows.encodeDay(windows)))
                .isEqualTo("0101008009" + "00aa0f000606020302" + "0a" + "040e0604020661" + "6e6e00");
    }
}
