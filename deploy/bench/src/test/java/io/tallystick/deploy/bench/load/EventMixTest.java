package io.tallystick.deploy.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EventMixTest {

    private static final int EVENTS = 20_000;

    private final EventMix mix = new EventMix(7, 1_000_000, EVENTS, 3_600_000);

    @Test
    void everyEventHasTheSameSize() {
        for (int place = 0; place < 1_000; place++) {
            assertThat(mix.at(place).value()).hasSize(EventMix.BYTES);
        }
    }

    @Test
    void aboutOneInFiftySaysAgainWhatStandsBeforeIt() {
        Set<String> seen = new HashSet<>();
        int repeats = 0;
        for (int place = 0; place < EVENTS; place++) {
            boolean isNew = seen.add(new String(mix.at(place).value(), java.nio.charset.StandardCharsets.UTF_8));
            assertThat(mix.isRepeat(place)).isEqualTo(!isNew);
            repeats += isNew ? 0 : 1;
        }
        assertThat(repeats).isBetween(EVENTS / 50 * 3 / 4, EVENTS / 50 * 5 / 4);
    }

    @Test
    void theSameSeedGivesTheSameEvents() {
        EventMix again = new EventMix(7, 1_000_000, EVENTS, 3_600_000);
        List<byte[]> first = new ArrayList<>();
        List<byte[]> second = new ArrayList<>();
        for (int place = 0; place < 1_000; place++) {
            first.add(mix.at(place).value());
            second.add(again.at(place).value());
        }
        assertThat(second).usingElementComparator(java.util.Arrays::compare).isEqualTo(first);
    }
}
