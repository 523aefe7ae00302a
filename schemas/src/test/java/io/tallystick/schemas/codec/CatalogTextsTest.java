package io.tallystick.schemas.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogCanonical;
import io.tallystick.schemas.catalog.CatalogChange;
import io.tallystick.schemas.catalog.CatalogManifest;
import io.tallystick.schemas.catalog.CatalogParser;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.value.ContentHash;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CatalogTextsTest {

    private static final String YAML = """
            meters: [{meter: tokens, eventType: chat, aggregation: sum, value: $.n}]
            pricing:
              - version: v1
                effectiveFrom: "2026-01-01T00:00:00Z"
                currency: USD
                plans: [{plan: growth, charges: [{charge: t, model: unit, meter: tokens, unitPrice: "0.0020"}]}]
            subscriptions: [{tenant: acme, plan: growth, start: "2026-04-01T00:00:00Z"}]
            """;

    private static Catalog catalog(String yaml) {
        return CatalogChange.apply(
                        Catalog.empty(new Catalog.Settings(Duration.ofDays(35), Duration.ofHours(1))),
                        CatalogParser.parse(CatalogDocuments.read(yaml.getBytes(StandardCharsets.UTF_8))),
                        Instant.EPOCH,
                        meter -> false)
                .catalog();
    }

    private static Map<String, String> objects(Catalog catalog) {
        Map<String, String> objects = new HashMap<>();
        CatalogCanonical.objects(catalog).values().forEach(json -> objects.put(ContentHash.of(json), json));
        return objects;
    }

    @Test
    void aRevisionIsPutTogetherFromItsManifestAndObjects() {
        Catalog catalog = catalog(YAML);
        CatalogManifest manifest = CatalogManifest.of(catalog, null);

        CatalogRevision revision = CatalogTexts.revision(CatalogTexts.manifest(manifest.json()), objects(catalog)::get);

        assertThat(revision).isEqualTo(new CatalogRevision(1, CatalogCanonical.hash(catalog), catalog));
        assertThat(revision.catalog().subscriptions()).containsOnlyKeys("acme");
    }

    @Test
    void manifestsCountUpAndNameTheOneBefore() {
        CatalogManifest first = CatalogManifest.of(catalog(YAML), null);
        CatalogManifest second = CatalogManifest.of(catalog(YAML.replace("0.0020", "0.0030")), first);

        assertThat(first.number()).isEqualTo(1);
        assertThat(first.previous()).isNull();
        assertThat(second.number()).isEqualTo(2);
        assertThat(second.previous()).isEqualTo(first.hash());
        assertThat(CatalogTexts.manifest(second.json())).isEqualTo(second);
        assertThat(first.json())
                .startsWith("{\"hash\":\"sha256:")
                .contains("\"number\":1,\"objects\":[[\"meter\",\"tokens\",\"sha256:")
                .endsWith("\"previous\":null,\"settings\":{\"horizon\":\"PT840H\",\"skew\":\"PT1H\"}}");
    }

    @Test
    void damageIsNoticed() {
        Catalog catalog = catalog(YAML);
        CatalogManifest manifest = CatalogManifest.of(catalog, null);
        Map<String, String> objects = objects(catalog);
        objects.replaceAll((hash, json) -> json.replace("0.0020", "0.0010"));

        assertThatThrownBy(() -> CatalogTexts.revision(manifest, objects::get))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("v1")
                .hasMessageContaining("is damaged");
        assertThatThrownBy(() -> CatalogTexts.revision(manifest, hash -> null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not there");
        assertThatThrownBy(() -> CatalogTexts.manifest(manifest.json().replace("PT1H", "PT2H")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("revision 1 is damaged");
        assertThatThrownBy(() -> CatalogTexts.manifest("{"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not JSON");
        assertThatThrownBy(() -> CatalogTexts.manifest("{}")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CatalogTexts.manifest(manifest.json().replace("[\"meter\"", "[\"metre\"")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSubscriptionIsReadAlone() {
        Catalog catalog = catalog(YAML);

        assertThat(CatalogTexts.subscription(
                        CatalogCanonical.json(catalog.subscriptions().get("acme"))))
                .isEqualTo(catalog.subscriptions().get("acme"));
    }
}
