package io.tallystick.rater.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.rater.pricing.CreditAccount;
import io.tallystick.schemas.catalog.BillingPeriods;
import io.tallystick.schemas.catalog.CreditGrant;
import io.tallystick.schemas.event.CreditNotes;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Late usage, credit, voids and reissues in any order: behind every close the bills that stand add up to one clean price, and what they say was paid from
 * prepaid credit is what the credits lack.
 */
class CorrectedCreditsTest {

    private static final String CATALOG = """
            meters:
              - {meter: units, eventType: used, aggregation: sum, value: $.n}
            pricing:
              - version: v1
                effectiveFrom: "2026-01-01T00:00:00Z"
                currency: USD
                plans:
                  - {plan: usage, charges: [{charge: units, model: unit, meter: units, unitPrice: "1"}]}
            subscriptions:
              - {tenant: acme, subscription: one, plan: usage, start: "2026-04-01T00:00:00Z", lateUsage: %s}
            """;
    private static final int MONTHS = 7;

    private final Map<String, List<LineItem>> standing = new TreeMap<>();
    private final Map<String, Integer> issued = new HashMap<>();
    private final Map<Instant, BigDecimal> used = new HashMap<>();
    private final List<Period> closed = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatStandsIsWhatWasPaid(long seed) {
        Random random = new Random(seed);
        String policy = seed % 2 == 0 ? "credit_note" : "next_invoice";
        try (TestingRater rater = TestingRater.with(CATALOG.formatted(policy))) {
            BillingPeriods periods =
                    BillingPeriods.of(rater.catalog().subscriptions().get("one"));
            BigDecimal granted = BigDecimal.ZERO;
            Period month = periods.first();
            for (int number = 0; number < MONTHS; number++) {
                if (random.nextInt(3) > 0) {
                    BigDecimal amount = BigDecimal.valueOf(1 + random.nextInt(120));
                    granted = granted.add(amount);
                    rater.grant(grant("g" + number, amount, random.nextInt(2)));
                }
                for (int change = random.nextInt(7); change > 0; change--) {
                    change(rater, periods, month, random);
                }
                bill(periods, month, 1, rater.close("acme", "one", month).items(), policy);
                closed.add(month);

                String when = "seed " + seed + ", month " + number;
                assertThat(sum(false)).as(when).isEqualByComparingTo(clean());
                BigDecimal left = rater.charges().credits("acme").balances().stream()
                        .map(CreditAccount.Balance::left)
                        .reduce(BigDecimal.ZERO, BigDecimal::add);
                assertThat(sum(true)).as(when).isEqualByComparingTo(left.subtract(granted));
                assertThat(rater.charges().credits("acme").balances())
                        .allMatch(balance -> balance.left().signum() >= 0);
                month = periods.next(month);
            }
        }
    }

    private void change(TestingRater rater, BillingPeriods periods, Period month, Random random) {
        if (!closed.isEmpty() && random.nextInt(4) == 0) {
            reissue(rater, periods, closed.get(random.nextInt(closed.size())));
            return;
        }
        List<String> notes =
                standing.keySet().stream().filter(id -> id.contains("-c")).toList();
        if (!notes.isEmpty() && random.nextInt(4) == 0) {
            String note = notes.get(random.nextInt(notes.size()));
            rater.voidInvoice("acme", note);
            standing.remove(note);
            return;
        }
        Period period = closed.isEmpty() || random.nextInt(3) == 0 ? month : closed.get(random.nextInt(closed.size()));
        BigDecimal had = used.getOrDefault(period.start(), BigDecimal.ZERO);
        BigDecimal amount =
                BigDecimal.valueOf(random.nextInt(100)).subtract(random.nextBoolean() ? had : BigDecimal.ZERO);
        used.put(period.start(), had.add(amount));
        rater.use("acme", "units", period.start().plusSeconds(3600L * random.nextInt(600)), amount);
    }

    private void reissue(TestingRater rater, BillingPeriods periods, Period period) {
        String first = periods.invoiceId(period);
        int attempt = issued.get(first);
        String voided = attempt == 1 ? first : first + "-r" + attempt;
        rater.voidInvoice("acme", voided);
        standing.remove(voided);
        bill(
                periods,
                period,
                attempt + 1,
                rater.closeAgain("acme", "one", period, attempt + 1)
                        .orElseThrow()
                        .items(),
                "no notes");
    }

    private void bill(BillingPeriods periods, Period period, int attempt, List<LineItem> lines, String policy) {
        String first = periods.invoiceId(period);
        issued.put(first, attempt);
        List<LineItem> invoiced = new ArrayList<>(lines);
        if (policy.equals("credit_note")) {
            CreditNotes.of(lines).values().forEach(note -> {
                invoiced.removeAll(note);
                String of = periods.invoiceId(note.get(0).adjusts().period()) + "-c";
                standing.put(of + issued.merge(of, 1, Integer::sum), note);
                assertThat(TestingRater.total(note)).isNotPositive();
            });
        }
        standing.put(attempt == 1 ? first : first + "-r" + attempt, invoiced);
    }

    /** What stands: what was paid from credit, or everything else. */
    private BigDecimal sum(boolean fromCredit) {
        return standing.values().stream()
                .flatMap(List::stream)
                .filter(line -> (line.isPrepaid() || line.isGivenBack()) == fromCredit)
                .map(LineItem::amount)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private BigDecimal clean() {
        return closed.stream()
                .map(period -> used.getOrDefault(period.start(), BigDecimal.ZERO))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static CreditGrant grant(String name, BigDecimal amount, int priority) {
        return new CreditGrant(
                name, "acme", "", amount, "USD", priority, Instant.parse("2026-01-01T00:00:00Z"), null, List.of());
    }
}
