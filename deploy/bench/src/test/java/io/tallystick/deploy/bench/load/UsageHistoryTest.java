package io.tallystick.deploy.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.aggregator.stream.StoredHistory;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;

class UsageHistoryTest {

    private static final int TENANTS = 3;

    @Test
    void everyTenantAndMeterHasEveryHourOfTheMonths() {
        UsageHistory history = new UsageHistory(TENANTS, 12);
        Map<String, Set<Bytes>> keys = new HashMap<>();

        long windows = history.make(
                LocalDate.parse("2025-02-01"),
                LocalDate.parse("2025-04-01"),
                (store, partition, key, value) -> assertThat(keys.computeIfAbsent(store, unused -> new HashSet<>())
                                .add(Bytes.wrap(key)))
                        .isTrue());

        int days = 28 + 31;
        assertThat(history.meters()).hasSize(10);
        assertThat(windows).isEqualTo((long) TENANTS * 10 * days * 24);
        assertThat(keys.get(StoredHistory.DAYS)).hasSize(TENANTS * 10 * days);
        assertThat(keys.get(StoredHistory.MONTHS)).hasSize(TENANTS * 2 * 2); // two meters have levels
    }
}
