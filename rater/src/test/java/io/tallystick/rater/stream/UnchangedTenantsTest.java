package io.tallystick.rater.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.catalog.CreditGrant;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A rating emits whatever is not as it stands. So where all that stands has been taken away, what comes back tells who was rated. */
class UnchangedTenantsTest {

    private static final int TENANTS = 20;
    private static final Period APRIL =
            new Period(Instant.parse("2026-04-01T00:00:00Z"), Instant.parse("2026-05-01T00:00:00Z"));

    private final TestingRater rater = TestingRater.with(catalog());

    private static String catalog() {
        StringBuilder yaml = new StringBuilder("""
                meters:
                  - {meter: units, eventType: used, aggregation: sum, value: $.n}
                pricing:
                  - version: v1
                    effectiveFrom: "2026-01-01T00:00:00Z"
                    currency: USD
                    plans: [{plan: usage, charges: [{charge: units, model: unit, meter: units, unitPrice: "1"}]}]
                subscriptions:
                """);
        for (int i = 0; i < TENANTS; i++) {
            yaml.append("  - {tenant: t").append(i).append(", plan: usage, start: \"2026-04-01T00:00:00Z\"}\n");
        }
        return yaml.toString();
    }

    @AfterEach
    void stop() {
        rater.close();
    }

    private void use(String tenant) {
        rater.use(tenant, "units", "2026-04-10T10:00:00Z", "5");
    }

    /** Everyone has charges; then the rater is made to forget that they stand. */
    private void forgetAllThatStands() {
        for (int i = 0; i < TENANTS; i++) {
            use("t" + i);
        }
        KeyValueStore<String, byte[]> standing = rater.table(RaterTopology.CHARGES);
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> entries = standing.all()) {
            entries.forEachRemaining(entry -> keys.add(entry.key));
        }
        assertThat(keys).hasSize(TENANTS);
        keys.forEach(standing::delete);
        rater.readKeys();
    }

    @Test
    void usageOfOneTenantRatesThatTenantAlone() {
        forgetAllThatStands();

        use("t7");

        assertThat(rater.readKeys()).hasSize(1).allMatch(key -> key.startsWith("[\"t7\""));
    }

    @Test
    void aCommitWithoutUsageRatesNobody() {
        forgetAllThatStands();

        rater.passTime(Duration.ofHours(1));

        assertThat(rater.readKeys()).isEmpty();
    }

    @Test
    void aCloseRatesItsTenantAlone() {
        forgetAllThatStands();

        rater.close("t3", "t3", APRIL);

        assertThat(rater.readKeys()).isNotEmpty().allMatch(key -> key.contains("[\"t3\""));
    }

    @Test
    void creditOfOneTenantRatesThatTenantAlone() {
        forgetAllThatStands();

        rater.grant(new CreditGrant(
                "c", "t9", "", BigDecimal.ONE, "USD", 1, Instant.parse("2026-01-01T00:00:00Z"), null, List.of()));
        use("t1");

        assertThat(rater.readKeys()).allMatch(key -> key.startsWith("[\"t9\"") || key.startsWith("[\"t1\""));
    }
}
