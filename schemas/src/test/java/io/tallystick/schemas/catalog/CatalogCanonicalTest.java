package io.tallystick.schemas.catalog;

import static io.tallystick.schemas.catalog.TestingCatalogs.SMALL;
import static io.tallystick.schemas.catalog.TestingCatalogs.catalog;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallystick.schemas.codec.CatalogDocuments;
import io.tallystick.schemas.value.CanonicalJson;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CatalogCanonicalTest {

    private static Object tree(String json) {
        return CatalogDocuments.json(json).tree();
    }

    @Test
    void defaultsAreFilledInAndDecimalsKeepTheirScale() {
        Catalog catalog = catalog(SMALL);

        assertThat(CatalogCanonical.json(catalog.meters().get("tokens")))
                .isEqualTo(
                        "{\"aggregation\":\"sum\",\"description\":\"\",\"dimensions\":{\"kind\":\"$.kind\",\"model\":\"$.model\"},"
                                + "\"eventType\":\"chat\",\"meter\":\"tokens\",\"perEvent\":false,\"unit\":\"\",\"value\":\"$.n\",\"where\":{}}");
        assertThat(CatalogCanonical.json(catalog.pricing().get("v1")))
                .isEqualTo(
                        "{\"currency\":\"USD\",\"description\":\"\",\"effectiveFrom\":\"2026-01-01T00:00:00Z\",\"plans\":[{"
                                + "\"charges\":[{\"amount\":\"10.00\",\"charge\":\"fee\",\"description\":\"\",\"discountPercent\":\"0\","
                                + "\"model\":\"flat\",\"prorate\":false,\"timing\":\"in_arrears\"},"
                                + "{\"charge\":\"tokens\",\"description\":\"\",\"discountPercent\":\"0\",\"divideBy\":\"1\",\"groupBy\":[],"
                                + "\"included\":\"0\",\"meter\":\"tokens\",\"model\":\"unit\",\"multiplier\":\"1\",\"multiplyBy\":\"1\","
                                + "\"unitPrice\":\"0.0020\",\"where\":{}}],\"description\":\"\",\"plan\":\"growth\"}],\"version\":\"v1\"}");
        assertThat(CatalogCanonical.json(catalog.subscriptions().get("acme")))
                .isEqualTo(
                        "{\"lateUsage\":\"next_invoice\",\"period\":{\"anchor\":\"2026-04-01T00:00:00Z\",\"every\":\"P1M\","
                                + "\"timezone\":\"UTC\"},\"plan\":\"growth\",\"shadow\":[],\"start\":\"2026-04-01T00:00:00Z\","
                                + "\"subscription\":\"acme\",\"tenant\":\"acme\"}");
    }

    @Test
    void readingTheCanonicalFormGivesAnEqualObject() {
        for (long seed = 0; seed < 500; seed++) {
            Catalog catalog = new RandomCatalogs(seed).next();
            String hint = "seed " + seed;
            catalog.meters()
                    .values()
                    .forEach(meter -> assertThat(CatalogCanonical.meter(tree(CatalogCanonical.json(meter))))
                            .as(hint)
                            .isEqualTo(meter));
            catalog.pricing()
                    .values()
                    .forEach(version -> assertThat(CatalogCanonical.pricing(tree(CatalogCanonical.json(version))))
                            .as(hint)
                            .isEqualTo(version));
            catalog.subscriptions()
                    .values()
                    .forEach(subscription -> assertThat(
                                    CatalogCanonical.subscription(tree(CatalogCanonical.json(subscription))))
                            .as(hint)
                            .isEqualTo(subscription));
        }
    }

    @Test
    void theWholeCatalogueCanBeAppliedAsADocumentAgain() {
        Catalog current = catalog(SMALL);
        String document = CanonicalJson.write(CatalogCanonical.tree(current));

        CatalogChange change = TestingCatalogs.apply(current, document);

        assertThat(change.isAccepted()).isTrue();
        assertThat(change.changes()).isEmpty();
        assertThat(catalog(document)).isEqualTo(current);
    }

    @Test
    void aMatrixWhoseChargeHasNoPriceReadsBackToo() {
        Charge charge = TestingCatalogs.charge(
                "{charge: c, model: graduated, meter: tokens, matrix: [{where: {model: a}, tiers: [{unitPrice: 1}]}]}");
        PricingVersion version = new PricingVersion(
                "v1", "", TestingCatalogs.NOW, "USD", List.of(new Plan("p", "", null, List.of(charge))));

        assertThat(CatalogCanonical.pricing(tree(CatalogCanonical.json(version))))
                .isEqualTo(version);
    }

    @Test
    void whatIsNotTheCanonicalFormIsRefused() {
        assertThatThrownBy(() -> CatalogCanonical.meter(Map.of("meter", "m")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not the canonical form of a meter: meter.eventType is missing");
    }

    @Test
    void theHashIsThatOfTheContent() {
        Catalog catalog = catalog(SMALL);

        assertThat(CatalogCanonical.hash(catalog))
                .matches("sha256:[0-9a-f]{64}")
                .isEqualTo(CatalogCanonical.hash(catalog(SMALL)));
        assertThat(CatalogCanonical.hash(catalog(SMALL.replace("0.0020", "0.002"))))
                .isNotEqualTo(CatalogCanonical.hash(catalog));
        assertThat(CatalogCanonical.hash(new Catalog(
                        new Catalog.Settings(Duration.ofDays(36), Duration.ofHours(1)),
                        catalog.meters(),
                        catalog.pricing(),
                        catalog.subscriptions())))
                .isNotEqualTo(CatalogCanonical.hash(catalog));
    }

    /** The hashes are kept for ever: when this fails, every deployment would publish a revision that changes nothing. */
    @Test
    void theHashOfAKnownCatalogueStaysWhatItWas() {
        assertThat(CatalogCanonical.hash(catalog(SMALL)))
                .isEqualTo("sha256:e45707835ed0b10f4cb3d089b3b13073409ccb49c4935426f98d5cf80a72088a");
        assertThat(CatalogCanonical.hash(TestingCatalogs.EMPTY))
                .isEqualTo("sha256:6a6c06f00c3345def6c0e812043184d0c27380a2b8180129e24cdc30d75e1288");
    }
}
