package io.tallystick.deploy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.deploy.verify.NaiveCatalog.Charge;
import io.tallystick.deploy.verify.NaiveCatalog.Meter;
import io.tallystick.deploy.verify.NaiveCatalog.Tier;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The oracle itself, against figures worked out by hand. */
class NaiveBillTest {

    private static final Instant APRIL = Instant.parse("2026-04-01T00:00:00Z");
    private static final Instant MAY = Instant.parse("2026-05-01T00:00:00Z");
    private static final Meter SECONDS =
            new Meter("seconds", "job", "s", List.of("model"), "status", Set.of("ok"), new BigDecimal("0.1"));
    private static final Meter JOBS = new Meter("jobs", "job", null, List.of(), null, Set.of(), null);

    @Test
    void addsUpTheFirstOfEachIdentityByHourAndDimensions() {
        NaiveBill bill = new NaiveBill(
                List.of(
                        job("1", "2026-04-01T00:59:59.999Z", "1.23", "ok"),
                        job("1", "2026-04-01T00:59:59.999Z", "1.23", "ok"),
                        job("2", "2026-04-01T02:00:00+01:00", "-0.05", "ok"),
                        job("3", "2026-04-01T01:30:00Z", "7", "failed"),
                        "not JSON"),
                List.of(SECONDS, JOBS));

        assertThat(bill.accepted()).isEqualTo(3);
        assertThat(bill.totals().toString())
                .isEqualTo(
                        "{acme jobs 2026-04-01T00:00:00Z {}=1, acme jobs 2026-04-01T01:00:00Z {}=2, "
                                + "acme seconds 2026-04-01T00:00:00Z {model=}=1.3, acme seconds 2026-04-01T01:00:00Z {model=}=0.0}");
    }

    @Test
    void leavesOutWhatLiesOutsideThePeriod() {
        NaiveBill bill = new NaiveBill(
                List.of(
                        job("1", "2026-03-31T23:59:59.999Z", "1", "ok"),
                        job("2", "2026-04-01T00:00:00Z", "2", "ok"),
                        job("3", "2026-04-30T23:59:59.999Z", "4", "ok"),
                        job("4", "2026-05-01T00:00:00Z", "8", "ok")),
                List.of(SECONDS));

        assertThat(bill.metered("acme", SECONDS, APRIL, MAY)).isEqualByComparingTo("6");
        assertThat(bill.metered("other", SECONDS, APRIL, MAY)).isEqualByComparingTo("0");
    }

    @Test
    void pricesFeesUnitsAndTiers() {
        NaiveBill bill = new NaiveBill(List.of(job("1", "2026-04-02T00:00:00Z", "2500", "ok")), List.of(SECONDS, JOBS));

        assertThat(bill.lines(
                        "acme",
                        List.of(
                                new Charge(
                                        "fee",
                                        null,
                                        new BigDecimal("499"),
                                        null,
                                        List.of(),
                                        BigDecimal.ZERO,
                                        BigDecimal.ONE),
                                // 2500 / 10 = 250, 50 of them free, at 0.0502: 10.04
                                new Charge(
                                        "unit",
                                        SECONDS,
                                        null,
                                        new BigDecimal("0.0502"),
                                        List.of(),
                                        new BigDecimal("50"),
                                        BigDecimal.TEN),
                                // 1000 free, 1000 at 0.5, 500 at 0.1: 550
                                new Charge(
                                        "tiers",
                                        SECONDS,
                                        null,
                                        null,
                                        List.of(tier("1000", "0"), tier("2000", "0.5"), tier(null, "0.1")),
                                        BigDecimal.ZERO,
                                        BigDecimal.ONE),
                                new Charge(
                                        "unused",
                                        JOBS,
                                        null,
                                        new BigDecimal("3"),
                                        List.of(),
                                        BigDecimal.TEN,
                                        BigDecimal.ONE)),
                        APRIL,
                        MAY))
                .isEqualTo(Map.of(
                        "fee", new BigDecimal("499.00"),
                        "unit", new BigDecimal("10.04"),
                        "tiers", new BigDecimal("550.00"),
                        "unused", new BigDecimal("0.00")));
    }

    private static Tier tier(String upTo, String unitPrice) {
        return new Tier(upTo == null ? null : new BigDecimal(upTo), new BigDecimal(unitPrice));
    }

    private static String job(String id, String time, String seconds, String status) {
        return """
                {"specversion":"1.0","source":"test","id":"%s","type":"job","subject":"acme","time":"%s",
                 "data":{"s":%s,"status":"%s"}}""".formatted(id, time, seconds, status);
    }
}
