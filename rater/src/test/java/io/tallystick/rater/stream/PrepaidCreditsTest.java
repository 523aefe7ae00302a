package io.tallystick.rater.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.rater.pricing.CreditAccount;
import io.tallystick.rater.pricing.CreditAccount.Kind;
import io.tallystick.schemas.catalog.BillingPeriods;
import io.tallystick.schemas.catalog.CreditGrant;
import io.tallystick.schemas.catalog.Subscription;
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
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrepaidCreditsTest {

    private static final String CATALOG = """
            meters:
              - {meter: units, eventType: used, aggregation: sum, value: $.n}
            pricing:
              - version: v1
                effectiveFrom: "2026-01-01T00:00:00Z"
                currency: USD
                plans:
                  - {plan: usage, charges: [{charge: units, model: unit, meter: units, unitPrice: "1"}]}
                  - {plan: committed, commitment: {amount: "100"}, charges: [{charge: units, model: unit, meter: units, unitPrice: "1"}]}
            subscriptions:
              - {tenant: acme, subscription: one, plan: usage, start: "2026-04-01T00:00:00Z"}
              - {tenant: acme, subscription: two, plan: usage, start: "2026-04-01T00:00:00Z", lateUsage: credit_note}
              - {tenant: globex, subscription: committed, plan: committed, start: "2026-04-01T00:00:00Z"}
            """;

    private static final Period APRIL =
            new Period(Instant.parse("2026-04-01T00:00:00Z"), Instant.parse("2026-05-01T00:00:00Z"));
    private static final Period MAY =
            new Period(Instant.parse("2026-05-01T00:00:00Z"), Instant.parse("2026-06-01T00:00:00Z"));

    private static final Period JUNE =
            new Period(Instant.parse("2026-06-01T00:00:00Z"), Instant.parse("2026-07-01T00:00:00Z"));

    private final TestingRater rater = TestingRater.with(CATALOG);

    @AfterEach
    void stop() {
        rater.close();
    }

    private static CreditGrant grant(String name, String amount, int priority, String from, String until) {
        return grant("acme", name, amount, priority, from, until, List.of());
    }

    private static CreditGrant grant(
            String tenant,
            String name,
            String amount,
            int priority,
            String from,
            String until,
            List<String> subscriptions) {
        return new CreditGrant(
                name,
                tenant,
                "",
                new BigDecimal(amount),
                "USD",
                priority,
                Instant.parse(from),
                until == null ? null : Instant.parse(until),
                subscriptions);
    }

    private static CreditGrant grant(String name, String amount) {
        return grant(name, amount, 100, "2026-01-01T00:00:00Z", null);
    }

    private void use(String value) {
        rater.use("acme", "units", "2026-04-10T10:00:00Z", value);
    }

    private List<String> lines(String subscription, Period period) {
        return texts(rater.lines(subscription, period));
    }

    private static List<String> texts(List<LineItem> lines) {
        return lines.stream()
                .map(line -> line.line().replaceAll("/20.*Z", "") + " " + line.amount())
                .toList();
    }

    private List<String> balances() {
        return rater.charges().credits("acme").balances().stream()
                .map(balance -> balance.grant().credit() + " " + balance.left())
                .toList();
    }

    @Test
    void openChargesShowWhatWouldBePaidIfTheyWereClosedNow() {
        rater.grant(grant("welcome", "30.00"));
        use("50");

        assertThat(lines("one", APRIL)).containsExactly("usage/units 50.00", "credit/prepaid_credit/welcome -30.00");
        assertThat(rater.total("one", APRIL)).isEqualByComparingTo("20");
        assertThat(balances()).as("nothing is used before the close").containsExactly("welcome 30.00");
    }

    @Test
    void aCloseUsesTheCreditAndTheOtherSubscriptionsSeeWhatIsLeft() {
        rater.grant(grant("welcome", "70"));
        use("50");

        assertThat(texts(rater.close("acme", "one", APRIL).items()))
                .containsExactly("usage/units 50.00", "credit/prepaid_credit/welcome -50.00");
        assertThat(balances()).containsExactly("welcome 20.00");
        assertThat(texts(rater.close("acme", "two", APRIL).items()))
                .containsExactly("usage/units 50.00", "credit/prepaid_credit/welcome -20.00");
        assertThat(balances()).containsExactly("welcome 0.00");
    }

    @Test
    void theOtherOpenChargesFollowACloseWithoutAnyUsage() {
        rater.grant(grant("welcome", "70"));
        use("50");
        rater.close("acme", "one", APRIL);

        rater.use("globex", "units", "2026-04-10T10:00:00Z", "1"); // another tenant's record brings the next commit

        assertThat(lines("two", APRIL)).containsExactly("usage/units 50.00", "credit/prepaid_credit/welcome -20.00");
    }

    @Test
    void priorityThenExpiryThenCreationDecideWhatIsUsedFirst() {
        rater.grant(grant("d_late", "10", 5, "2026-01-01T00:00:00Z", null));
        rater.grant(grant("c_second", "10", 5, "2026-01-01T00:00:00Z", "2026-12-01T00:00:00Z"));
        rater.grant(grant("b_third", "10", 5, "2026-01-01T00:00:00Z", "2026-12-01T00:00:00Z"));
        rater.grant(grant("z_first", "10", 1, "2026-01-01T00:00:00Z", null));

        assertThat(balances()).containsExactly("z_first 10.00", "c_second 10.00", "b_third 10.00", "d_late 10.00");
        use("25");
        rater.close("acme", "one", APRIL);
        assertThat(balances()).containsExactly("z_first 0.00", "c_second 0.00", "b_third 5.00", "d_late 10.00");
    }

    @Test
    void aCreditPaysThePeriodsWhoseLastMomentItIsInEffectAt() {
        rater.grant(grant("from_the_end", "1", 1, "2026-05-01T00:00:00Z", null));
        rater.grant(grant("from_the_last_hour", "2", 2, "2026-04-30T23:00:00Z", null));
        rater.grant(grant("until_the_end", "4", 3, "2026-01-01T00:00:00Z", "2026-05-01T00:00:00Z"));
        rater.grant(grant("until_the_last_hour", "8", 4, "2026-01-01T00:00:00Z", "2026-04-30T23:00:00Z"));
        use("100");

        assertThat(lines("one", APRIL))
                .containsExactlyInAnyOrder(
                        "usage/units 100.00",
                        "credit/prepaid_credit/from_the_last_hour -2.00",
                        "credit/prepaid_credit/until_the_end -4.00");
    }

    @Test
    void aCreditMayBeForSomeSubscriptionsOnlyAndPaysNoOtherCurrency() {
        rater.grant(grant("acme", "two_only", "5", 1, "2026-01-01T00:00:00Z", null, List.of("two")));
        rater.grant(new CreditGrant(
                "euros", "acme", "", BigDecimal.TEN, "EUR", 1, Instant.parse("2026-01-01T00:00:00Z"), null, List.of()));
        use("100");

        assertThat(lines("one", APRIL)).containsExactly("usage/units 100.00");
        assertThat(lines("two", APRIL)).containsExactly("usage/units 100.00", "credit/prepaid_credit/two_only -5.00");
    }

    @Test
    void creditComesBehindTheCommitmentAndNeverBelowZero() {
        rater.grant(grant("globex", "big", "500", 1, "2026-01-01T00:00:00Z", null, List.of()));
        rater.use("globex", "units", "2026-04-10T10:00:00Z", "40");

        assertThat(lines("committed", APRIL))
                .containsExactly("usage/units 40.00", "commitment 60.00", "credit/prepaid_credit/big -100.00");
        assertThat(rater.total("committed", APRIL)).isEqualByComparingTo("0");
    }

    @Test
    void aVoidedInvoiceGivesItsCreditBackOnce() {
        rater.grant(grant("welcome", "70"));
        use("50");
        rater.close("acme", "one", APRIL);

        rater.voidInvoice("acme", "two-2026-04-01");
        assertThat(balances()).as("the void of another invoice").containsExactly("welcome 20.00");
        rater.voidInvoice("acme", "one-2026-04-01");
        assertThat(balances()).containsExactly("welcome 70.00");
        rater.voidInvoice("acme", "one-2026-04-01");
        assertThat(balances()).as("the second void").containsExactly("welcome 70.00");
        assertThat(rater.charges().credits("acme").balances().get(0).events())
                .extracting(event -> event.kind() + " " + event.amount() + " " + event.invoice())
                .containsExactly("GRANTED 70.00 ", "USED -50.00 one-2026-04-01", "RETURNED 50.00 one-2026-04-01");
    }

    @Test
    void lateAdjustmentsArePaidTooAndNegativeOnesDoNotDigBelowZero() {
        use("50");
        rater.close("acme", "one", APRIL);
        rater.grant(grant("welcome", "70"));
        use("-20");
        assertThat(lines("one", MAY)).containsExactly("adjustment -20.00");
        assertThat(rater.total("one", MAY)).isEqualByComparingTo("-20");

        use("60");
        assertThat(rater.total("one", MAY)).as("40 late, paid").isEqualByComparingTo("0");
        rater.close("acme", "one", MAY);
        assertThat(balances()).containsExactly("welcome 30.00");
    }

    @Test
    void whatGoesOnACreditNoteLessensNoPayment() {
        use("50");
        rater.close("acme", "two", APRIL);
        rater.grant(grant("welcome", "70"));
        use("-20");
        rater.use("acme", "units", "2026-05-10T10:00:00Z", "30");

        assertThat(lines("two", MAY)).hasSize(3).contains("credit/prepaid_credit/welcome -30.00");
    }

    @Test
    void whatACreditPaidIsNotCorrectedByLateUsage() {
        rater.grant(grant("welcome", "70"));
        use("50");
        rater.close("acme", "one", APRIL);
        use("10");

        assertThat(lines("one", MAY)).hasSize(2).contains("credit/prepaid_credit/welcome -10.00");
        assertThat(rater.total("one", MAY)).isEqualByComparingTo("0");
    }

    @Test
    void whatACreditPaidComesBackAsCreditAndOnlyTheRestAsMoney() {
        rater.grant(grant("welcome", "30", 2, "2026-01-01T00:00:00Z", null));
        rater.grant(grant("first", "10", 1, "2026-01-01T00:00:00Z", null));
        use("50");
        rater.close("acme", "one", APRIL); // 40 from credit, 10 in money
        use("-35");

        assertThat(lines("one", MAY))
                .containsExactlyInAnyOrder(
                        "adjustment -35.00",
                        "adjustment/credit/prepaid_credit/welcome 30.00",
                        "adjustment/credit/prepaid_credit/first 5.00");
        assertThat(balances()).as("nothing comes back before the close").containsExactly("first 0.00", "welcome 0.00");
        rater.close("acme", "one", MAY);
        assertThat(balances()).containsExactly("first 5.00", "welcome 30.00");

        use("-15");
        assertThat(rater.total("one", JUNE))
                .as("5 from credit and 10 in money came in")
                .isEqualByComparingTo("-10");
        rater.close("acme", "one", JUNE);
        assertThat(balances()).containsExactly("first 10.00", "welcome 30.00");
    }

    @Test
    void whatWasPaidForLateUsageComesBackToo() {
        rater.close("acme", "one", APRIL);
        rater.grant(grant("welcome", "70"));
        use("20");
        rater.close("acme", "one", MAY);
        assertThat(balances()).containsExactly("welcome 50.00");
        use("-20");
        assertThat(rater.total("one", JUNE)).isEqualByComparingTo("0");
        rater.close("acme", "one", JUNE);
        assertThat(balances()).containsExactly("welcome 70.00");
        rater.voidInvoice("acme", "one-2026-05-01");
        assertThat(balances()).as("it is back already").containsExactly("welcome 70.00");
    }

    @Test
    void onACreditNoteWhatGoesBackToCreditIsNoMoney() {
        rater.grant(grant("welcome", "30"));
        use("50");
        rater.close("acme", "two", APRIL); // 30 from credit, 20 in money
        use("-20");

        assertThat(CreditNotes.of(rater.lines("two", MAY)).values())
                .singleElement()
                .satisfies(note -> assertThat(TestingRater.total(note)).isEqualByComparingTo("0"));
        rater.close("acme", "two", MAY);
        assertThat(balances()).containsExactly("welcome 20.00");
        rater.voidInvoice("acme", "two-2026-04-01-c1");
        assertThat(rater.lines("two", JUNE)).as("it comes once more").hasSize(2);
        rater.close("acme", "two", JUNE);
        assertThat(balances()).as("and gives back no second time").containsExactly("welcome 20.00");
    }

    @Test
    void aGrantThatChangesKeepsWhatWasUsedOfIt() {
        rater.grant(grant("welcome", "70"));
        use("50");
        rater.close("acme", "one", APRIL);

        rater.grant(grant("welcome", "60"));
        assertThat(balances()).containsExactly("welcome 10.00");
        rater.grant(grant("welcome", "20"));
        assertThat(balances()).as("never below zero").containsExactly("welcome 0.00");
        rater.grant(grant("welcome", "20"));
        assertThat(rater.charges().credits("acme").balances().get(0).events()).hasSize(4);
    }

    @Test
    void aProjectionIsPaidFromTheSameCredit() {
        rater.grant(grant("welcome", "70"));
        rater.use("acme", "units", "2026-04-10T10:00:00Z", "50");

        OpenCharges open = rater.charges()
                .open("acme", Instant.parse("2026-04-16T00:00:00Z"))
                .get(0);

        assertThat(open.total()).isEqualByComparingTo("0");
        assertThat(open.projectedTotal()).isEqualByComparingTo("30");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whateverHappensNoBalanceIsBelowZeroAndNoMoreComesBackThanWasUsed(long seed) {
        Random random = new Random(seed);
        Map<String, Period> next = new HashMap<>();
        Map<String, BigDecimal> usedByInvoice = new HashMap<>();
        BigDecimal granted = BigDecimal.ZERO;
        BigDecimal givenBack = BigDecimal.ZERO;
        for (int step = 0; step < 150; step++) {
            switch (random.nextInt(6)) {
                case 0 -> {
                    BigDecimal amount = BigDecimal.valueOf(1 + random.nextInt(9_000), 2);
                    granted = granted.add(amount);
                    String until = random.nextBoolean() ? null : "2026-" + (10 + random.nextInt(3)) + "-01T00:00:00Z";
                    rater.grant(grant(
                            "g" + step,
                            amount.toPlainString(),
                            random.nextInt(3),
                            "2026-0" + (1 + random.nextInt(9)) + "-01T00:00:00Z",
                            until));
                }
                case 1, 2 -> {
                    String name = random.nextBoolean() ? "one" : "two";
                    Subscription subscription = rater.catalog().subscriptions().get(name);
                    BillingPeriods periods = BillingPeriods.of(subscription);
                    Period period = next.getOrDefault(name, periods.first());
                    next.put(name, periods.next(period));
                    List<LineItem> open = rater.lines(name, period);
                    List<LineItem> closed = rater.close("acme", name, period).items();
                    assertThat(closed).as("seed %d, step %d", seed, step).isEqualTo(open);
                    BigDecimal paid = paid(closed);
                    assertThat(paid)
                            .as("never more than is due")
                            .isLessThanOrEqualTo(notOnNotes(closed).max(BigDecimal.ZERO));
                    usedByInvoice.put(periods.invoiceId(period), paid);
                    givenBack = givenBack.add(TestingRater.total(
                            closed.stream().filter(LineItem::isGivenBack).toList()));
                }
                case 3 -> {
                    List<String> invoices = new ArrayList<>(usedByInvoice.keySet());
                    if (!invoices.isEmpty() && random.nextInt(3) == 0) {
                        String invoice = invoices.get(random.nextInt(invoices.size()));
                        rater.voidInvoice("acme", invoice);
                    }
                }
                default -> {
                    Instant time = APRIL.start().plusSeconds(3600L * random.nextInt(24 * 200));
                    rater.use("acme", "units", time, BigDecimal.valueOf(random.nextInt(6_000) - 1_000, 2));
                }
            }
            CreditAccount account = rater.charges().credits("acme");
            assertThat(account.balances()).allMatch(balance -> balance.left().signum() >= 0);
            List<CreditAccount.Event> events = account.balances().stream()
                    .flatMap(balance -> balance.events().stream())
                    .toList();
            usedByInvoice.forEach((invoice, paid) -> assertThat(sum(
                            events,
                            event -> isOf(event, Kind.USED) && event.invoice().equals(invoice)))
                    .isEqualByComparingTo(paid.negate()));
            assertThat(sum(events, event -> isOf(event, Kind.CORRECTED)))
                    .as("seed %d, step %d", seed, step)
                    .isEqualByComparingTo(givenBack);
            assertThat(sum(events, event -> isOf(event, Kind.GRANTED))).isEqualByComparingTo(granted);
            for (CreditAccount.Event event : events) {
                assertThat(sum(
                                events,
                                other -> !event.of().isEmpty() && other.of().equals(event.of())))
                        .as("seed %d, step %d: no more came back for %s than was used", seed, step, event.of())
                        .isLessThanOrEqualTo(BigDecimal.ZERO);
            }
        }
        assertThat(givenBack).isPositive();
        assertThat(usedByInvoice.values()).anyMatch(used -> used.signum() > 0);
    }

    private static boolean isOf(CreditAccount.Event event, Kind kind) {
        return event.kind() == kind;
    }

    private static BigDecimal sum(List<CreditAccount.Event> events, Predicate<CreditAccount.Event> counted) {
        return events.stream()
                .filter(counted)
                .map(CreditAccount.Event::amount)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigDecimal paid(List<LineItem> lines) {
        return TestingRater.total(lines.stream().filter(LineItem::isPrepaid).toList())
                .negate();
    }

    private static BigDecimal notOnNotes(List<LineItem> lines) {
        return lines.stream()
                .filter(line -> !line.isPrepaid())
                .filter(line ->
                        line.kind() != LineItem.Kind.ADJUSTMENT || line.amount().signum() > 0)
                .map(LineItem::amount)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
