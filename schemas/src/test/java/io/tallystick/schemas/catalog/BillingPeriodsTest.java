package io.tallystick.schemas.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.catalog.Subscription.BillingCycle;
import io.tallystick.schemas.catalog.Subscription.Every;
import io.tallystick.schemas.catalog.Subscription.LateUsage;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BillingPeriodsTest {

    private static final Instant FROM = Instant.parse("2005-01-01T00:00:00Z");
    private static final Instant TO = Instant.parse("2040-01-01T00:00:00Z");

    @Test
    void theMonthlyBoundaryOfThe31stClampsToMonthEndAndComesBack() {
        BillingPeriods periods = periods(Every.P1M, "2026-01-31T00:00:00Z", "UTC");

        assertThat(periods.containing(Instant.parse("2026-02-27T23:00:00Z")))
                .isEqualTo(period("2026-01-31T00:00:00Z", "2026-02-28T00:00:00Z"));
        assertThat(periods.containing(Instant.parse("2026-02-28T00:00:00Z")))
                .isEqualTo(period("2026-02-28T00:00:00Z", "2026-03-31T00:00:00Z"));
        assertThat(periods.containing(Instant.parse("2028-02-29T00:00:00Z")).start())
                .isEqualTo("2028-02-29T00:00:00Z");
    }

    @Test
    void aLeapDayAnchorBillsOnThe28thInOtherYears() {
        BillingPeriods periods = periods(Every.P1Y, "2024-02-29T00:00:00Z", "UTC");

        assertThat(periods.next(periods.containing(Instant.parse("2024-03-01T00:00:00Z"))))
                .isEqualTo(period("2025-02-28T00:00:00Z", "2026-02-28T00:00:00Z"));
        assertThat(periods.containing(Instant.parse("2028-02-29T00:00:00Z")).start())
                .isEqualTo("2028-02-29T00:00:00Z");
    }

    @Test
    void quartersAndWeeksAreCountedFromTheAnchorInBothDirections() {
        assertThat(periods(Every.P3M, "2026-05-31T00:00:00Z", "UTC").containing(Instant.parse("2026-01-01T00:00:00Z")))
                .isEqualTo(period("2025-11-30T00:00:00Z", "2026-02-28T00:00:00Z"));
        assertThat(periods(Every.P1W, "2026-05-31T00:00:00Z", "UTC").containing(Instant.parse("2026-05-23T23:00:00Z")))
                .isEqualTo(period("2026-05-17T00:00:00Z", "2026-05-24T00:00:00Z"));
    }

    @Test
    void aLocalDayHas23Or25HoursWhereTheClockChanges() {
        BillingPeriods periods = periods(Every.P1D, "2026-01-01T05:00:00Z", "America/New_York");

        assertThat(periods.containing(Instant.parse("2026-03-08T12:00:00Z")))
                .isEqualTo(period("2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"));
        assertThat(periods.containing(Instant.parse("2026-11-01T12:00:00Z")))
                .isEqualTo(period("2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"));
    }

    @Test
    void aBoundaryThatTheClockSkipsIsAnHourLater() {
        BillingPeriods periods = periods(Every.P1D, "2026-01-01T07:00:00Z", "America/New_York"); // 02:00 local

        assertThat(periods.containing(Instant.parse("2026-03-08T07:00:00Z")))
                .isEqualTo(period("2026-03-08T07:00:00Z", "2026-03-09T06:00:00Z"));
    }

    @Test
    void aBoundaryThatTheClockRepeatsKeepsTheOffsetOfTheAnchor() {
        BillingPeriods winter = periods(Every.P1D, "2026-01-01T06:00:00Z", "America/New_York"); // 01:00 local
        BillingPeriods summer = periods(Every.P1D, "2026-07-01T05:00:00Z", "America/New_York");
        Instant noon = Instant.parse("2026-11-01T17:00:00Z");

        assertThat(winter.containing(noon).start()).isEqualTo("2026-11-01T06:00:00Z");
        assertThat(summer.containing(noon).start()).isEqualTo("2026-11-01T05:00:00Z");
    }

    @Test
    void anAnchorInARepeatedHourIsABoundary() {
        for (String anchor : List.of("2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z")) {
            BillingPeriods periods = periods(Every.P1M, anchor, "America/New_York");

            assertThat(periods.containing(Instant.parse(anchor)).start()).isEqualTo(anchor);
        }
    }

    @Test
    void aDayThatAZoneLeftOutIsNoPeriod() {
        BillingPeriods periods = periods(Every.P1D, "2011-12-01T10:00:00Z", "Pacific/Apia"); // midnight at -10:00

        assertThat(periods.containing(Instant.parse("2011-12-30T09:00:00Z")))
                .isEqualTo(period("2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z"));
        assertThat(periods.containing(Instant.parse("2011-12-30T10:00:00Z")))
                .isEqualTo(period("2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"));
        assertThat(periods.invoiceId(periods.containing(Instant.parse("2011-12-30T10:00:00Z"))))
                .isEqualTo("acme-2011-12-31");
    }

    @Test
    void tenThousandSeededCyclesAgreeWithAnEnumerationOfTheirOwn() {
        List<ZoneId> zones = wholeHourZones();
        List<Every> cycles = List.of(Every.values());
        Random random = new Random(20260401);
        long hours = HourWindow.hourOf(TO) - HourWindow.hourOf(FROM);

        for (int i = 0; i < 10_000; i++) {
            ZoneId zone = zones.get(random.nextInt(zones.size()));
            Every every = cycles.get(random.nextInt(cycles.size()));
            Instant anchor = HourWindow.startOf(HourWindow.hourOf(FROM) + random.nextLong(hours));
            int reach =
                    every == Every.P1Y ? 30 : 100; // not back to before 1970, where few zones stood on the whole hour
            int first = random.nextInt(2 * reach) - reach;
            BillingPeriods periods = periods(every, anchor.toString(), zone.getId());
            List<Instant> expected = new ArrayList<>();
            for (int n = first; n <= first + 8; n++) {
                expected.add(boundaryByHand(every, anchor, zone, n));
            }

            List<Period> enumerated = new ArrayList<>();
            for (Period p = periods.containing(expected.get(0));
                    p.start().isBefore(expected.get(8));
                    p = periods.next(p)) {
                enumerated.add(p);
            }

            List<Instant> distinct = expected.stream().distinct().toList();
            assertThat(enumerated).as("%s from %s in %s", every, anchor, zone).hasSize(distinct.size() - 1);
            for (int n = 0; n < enumerated.size(); n++) {
                Period p = enumerated.get(n);
                assertThat(p).isEqualTo(new Period(distinct.get(n), distinct.get(n + 1)));
                assertThat(HourWindow.isWholeHour(p.start())).isTrue();
                assertThat(periods.containing(p.end().minusNanos(1))).isEqualTo(p);
                assertThat(periods.containing(
                                p.start().plusSeconds(random.nextLong(p.length().toSeconds()))))
                        .isEqualTo(p);
                assertThat(n == 0 || periods.previous(p).equals(enumerated.get(n - 1)))
                        .isTrue();
            }
        }
    }

    @Test
    void aSubscriptionsPeriodsKeepTheirBoundsAndAreBilledInPart() {
        BillingPeriods periods = BillingPeriods.of(
                subscription("2026-04-16T00:00:00Z", "2026-06-10T12:00:00Z", Every.P1M, "2026-04-01T00:00:00Z", "UTC"));
        Period april = period("2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z");
        Period may = period("2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z");
        Period june = period("2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z");

        assertThat(periods.first()).isEqualTo(april);
        assertThat(periods.partOf(april)).contains(period("2026-04-16T00:00:00Z", "2026-05-01T00:00:00Z"));
        assertThat(periods.partOf(may)).contains(may);
        assertThat(periods.partOf(june)).contains(period("2026-06-01T00:00:00Z", "2026-06-10T12:00:00Z"));
        assertThat(periods.partOf(periods.previous(april))).isEmpty();
        assertThat(periods.partOf(periods.next(june))).isEmpty();
        assertThat(periods.includes(june)).isTrue();
        assertThat(periods.includes(period("2026-06-01T00:00:00Z", "2026-06-10T12:00:00Z")))
                .isFalse();
        assertThat(periods.includes(periods.next(june))).isFalse();
    }

    @Test
    void aPeriodClosesAtItsEndOrAtTheSubscriptionsEnd() {
        BillingPeriods periods = BillingPeriods.of(
                subscription("2026-04-16T00:00:00Z", "2026-06-10T12:00:00Z", Every.P1M, "2026-04-01T00:00:00Z", "UTC"));

        assertThat(periods.closingThrough(Instant.parse("2026-04-30T23:59:59Z")))
                .isEmpty();
        assertThat(periods.closingThrough(Instant.parse("2026-05-01T00:00:00Z")))
                .hasSize(1);
        assertThat(periods.closingThrough(Instant.parse("2026-06-10T11:59:59Z")))
                .hasSize(2);
        assertThat(periods.closingThrough(Instant.parse("2026-06-10T12:00:00Z")))
                .hasSize(3);
        assertThat(periods.closingThrough(Instant.parse("2030-01-01T00:00:00Z")))
                .hasSize(3);
    }

    @Test
    void aSubscriptionThatEndsOnABoundaryHasNoPeriodBehindIt() {
        BillingPeriods periods = BillingPeriods.of(
                subscription("2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z", Every.P1M, "2026-04-01T00:00:00Z", "UTC"));

        assertThat(periods.closingThrough(Instant.parse("2030-01-01T00:00:00Z")))
                .containsExactly(period("2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"));
    }

    @Test
    void anInvoiceIsNamedByTheLocalDayItsPeriodStartsOn() {
        BillingPeriods periods = BillingPeriods.of(subscription(
                "2026-04-01T00:00:00Z", null, Every.P1M, "2026-03-31T22:00:00Z", "Europe/Berlin")); // local midnight
        Period april = periods.first();

        assertThat(april.start()).isEqualTo("2026-03-31T22:00:00Z");
        assertThat(periods.invoiceId(april)).isEqualTo("acme-2026-04-01");
        assertThat(periods.month(april)).isEqualTo(YearMonth.of(2026, 4));
    }

    @Test
    void theSecondPeriodThatBeginsOnADayAlsoNamesItsHour() {
        // In Nuuk the clock goes from Saturday 23:00 to Sunday 00:00: a day from 23:00 to 23:00 begins twice on that
        // Sunday.
        BillingPeriods periods = BillingPeriods.of(
                subscription("2025-03-01T01:00:00Z", null, Every.P1D, "2025-03-01T01:00:00Z", "America/Nuuk"));
        Period first = periods.containing(Instant.parse("2025-03-30T01:00:00Z"));
        Period second = periods.next(first);

        assertThat(first.start()).isEqualTo("2025-03-30T01:00:00Z");
        assertThat(second.start()).isEqualTo("2025-03-31T00:00:00Z");
        assertThat(periods.firstDay(first)).isEqualTo(periods.firstDay(second)).isEqualTo(LocalDate.of(2025, 3, 30));
        assertThat(periods.invoiceId(first)).isEqualTo("acme-2025-03-30");
        assertThat(periods.invoiceId(second)).isEqualTo("acme-2025-03-30T23");
        assertThat(periods.invoiceId(periods.next(second))).isEqualTo("acme-2025-03-31");
    }

    @Test
    void anEarlierPeriodInWhichTheSubscriptionDidNotRunTakesNoName() {
        BillingPeriods periods = BillingPeriods.of(
                subscription("2025-03-31T00:00:00Z", null, Every.P1D, "2025-03-01T01:00:00Z", "America/Nuuk"));

        assertThat(periods.invoiceId(periods.first())).isEqualTo("acme-2025-03-30");
    }

    /** The boundary {@code n} steps from the anchor, from calendar fields and the zone's rules alone. */
    private static Instant boundaryByHand(Every every, Instant anchor, ZoneId zone, int n) {
        ZoneOffset anchorOffset = zone.getRules().getOffset(anchor);
        LocalDateTime local = LocalDateTime.ofEpochSecond(anchor.getEpochSecond(), 0, anchorOffset);
        LocalDate date = switch (every) {
            case P1D -> LocalDate.ofEpochDay(local.toLocalDate().toEpochDay() + n);
            case P1W -> LocalDate.ofEpochDay(local.toLocalDate().toEpochDay() + 7L * n);
            case P1M -> monthsLater(local, n);
            case P3M -> monthsLater(local, 3 * n);
            case P1Y -> monthsLater(local, 12 * n);
        };
        LocalDateTime wanted = LocalDateTime.of(date, local.toLocalTime());
        List<ZoneOffset> valid = zone.getRules().getValidOffsets(wanted);
        ZoneOffset offset;
        if (valid.isEmpty()) {
            ZoneOffsetTransition gap = zone.getRules().getTransition(wanted);
            offset = gap.getOffsetBefore();
        } else {
            offset = valid.contains(anchorOffset) ? anchorOffset : valid.get(0);
        }
        return wanted.toInstant(offset);
    }

    private static LocalDate monthsLater(LocalDateTime local, int months) {
        int month = local.getYear() * 12 + local.getMonthValue() - 1 + months;
        YearMonth target = YearMonth.of(Math.floorDiv(month, 12), Math.floorMod(month, 12) + 1);
        return target.atDay(Math.min(local.getDayOfMonth(), target.lengthOfMonth()));
    }

    /** Every zone that stands on the whole hour from 1970 on. */
    private static List<ZoneId> wholeHourZones() {
        List<ZoneId> zones = new ArrayList<>();
        ZoneId.getAvailableZoneIds().stream().sorted().forEach(id -> {
            ZoneId zone = ZoneId.of(id);
            Instant at = Instant.parse("1970-01-01T00:00:00Z");
            boolean whole = true;
            while (whole && at != null && at.isBefore(Instant.parse("2100-01-01T00:00:00Z"))) {
                whole = zone.getRules().getOffset(at).getTotalSeconds() % 3600 == 0;
                ZoneOffsetTransition next = zone.getRules().nextTransition(at);
                at = next == null ? null : next.getInstant();
            }
            if (whole) {
                zones.add(zone);
            }
        });
        return zones;
    }

    private static Period period(String start, String end) {
        return new Period(Instant.parse(start), Instant.parse(end));
    }

    private static BillingPeriods periods(Every every, String anchor, String zone) {
        return BillingPeriods.of(subscription(anchor, null, every, anchor, zone));
    }

    private static Subscription subscription(String start, String end, Every every, String anchor, String zone) {
        return new Subscription(
                "acme",
                "acme",
                "growth",
                Instant.parse(start),
                end == null ? null : Instant.parse(end),
                new BillingCycle(every, Instant.parse(anchor), ZoneId.of(zone)),
                null,
                List.of(),
                LateUsage.NEXT_INVOICE,
                null,
                null);
    }
}
