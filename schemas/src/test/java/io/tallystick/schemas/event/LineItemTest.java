package io.tallystick.schemas.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.event.LineItem.Kind;
import io.tallystick.schemas.value.CanonicalJson;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Fraction;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineItemTest {

    private static final Period APRIL =
            new Period(Instant.parse("2026-04-01T00:00:00Z"), Instant.parse("2026-05-01T00:00:00Z"));

    @Test
    void aUsageLineIsWrittenWithDecimalsAsTextAndPricesAsTheCatalogueHasThem() {
        LineItem line = new LineItem(
                "usage/compute",
                Kind.USAGE,
                "compute",
                "worker_seconds",
                "Compute",
                Dimensions.of(Map.of("model", "m-1")),
                new BigDecimal("25000.0"),
                new BigDecimal("25000"),
                new BigDecimal("2E+4"),
                new BigDecimal("5000"),
                new BigDecimal("0.0020"),
                new BigDecimal("10.00"),
                Fraction.of(10),
                "v2_compute",
                APRIL,
                List.of(new LineItem.TierSlice(
                        null,
                        new BigDecimal("5000"),
                        new BigDecimal("0.0020"),
                        null,
                        BigDecimal.ZERO,
                        new BigDecimal("10"))),
                null);

        assertThat(CanonicalJson.write(LineItemJson.tree(line)))
                .isEqualTo(
                        "{\"amount\":\"10.00\",\"billable\":\"5000\",\"charge\":\"compute\",\"description\":\"Compute\","
                                + "\"dimensions\":{\"model\":\"m-1\"},\"included\":\"20000\",\"kind\":\"usage\","
                                + "\"line\":\"usage/compute\",\"meter\":\"worker_seconds\",\"metered\":\"25000\","
                                + "\"period\":{\"end\":\"2026-05-01T00:00:00Z\",\"start\":\"2026-04-01T00:00:00Z\"},"
                                + "\"pricingVersion\":\"v2_compute\",\"quantity\":\"25000\",\"tiers\":[{\"amount\":\"10.00\","
                                + "\"flat\":\"0\",\"quantity\":\"5000\",\"unitPrice\":\"0.0020\",\"upTo\":null}],"
                                + "\"unitPrice\":\"0.0020\"}");
    }

    @Test
    void whatALineHasNoUseForIsLeftOut() {
        assertThat(LineItemJson.tree(line(Kind.FEE, "fee/base", "base", Dimensions.NONE)))
                .containsOnlyKeys(
                        "line", "charge", "kind", "description", "dimensions", "amount", "pricingVersion", "period");
    }

    @Test
    void anInvoiceHasFeesThenUsageWithItsTrueUpsThenTheRest() {
        Dimensions a = Dimensions.of(Map.of("model", "a"));
        Dimensions b = Dimensions.of(Map.of("model", "b"));
        List<LineItem> ordered = List.of(
                line(Kind.FEE, "fee/zeta", "zeta", Dimensions.NONE),
                line(Kind.USAGE, "usage/alpha/model=a", "alpha", a),
                line(Kind.TRUE_UP, "true_up/alpha/model=a", "alpha", a),
                line(Kind.USAGE, "usage/alpha/model=b", "alpha", b),
                line(Kind.USAGE, "usage/commitment", "commitment", Dimensions.NONE),
                line(Kind.UNRATED, "unrated/alpha", "alpha", Dimensions.NONE),
                line(Kind.TRUE_UP, LineItem.COMMITMENT, LineItem.COMMITMENT, Dimensions.NONE),
                line(Kind.ADJUSTMENT, "adjustment/1", "alpha", a),
                line(Kind.CREDIT, "credit/1", "credit", Dimensions.NONE));
        List<LineItem> shuffled = new ArrayList<>(ordered);
        Collections.shuffle(shuffled, new Random(7));

        shuffled.sort(LineItem.INVOICE_ORDER);

        assertThat(shuffled).isEqualTo(ordered);
    }

    private static LineItem line(Kind kind, String name, String charge, Dimensions dimensions) {
        return new LineItem(
                name,
                kind,
                charge,
                null,
                "",
                dimensions,
                null,
                null,
                null,
                null,
                null,
                new BigDecimal("1.00"),
                Fraction.ONE,
                "v1",
                APRIL,
                List.of(),
                null);
    }
}
