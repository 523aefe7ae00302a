package io.tallystick.deploy.app.explain;

import io.tallystick.deploy.app.derive.OneCatalog;
import io.tallystick.deploy.app.derive.RecordedLog;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogRevision;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A month of two tenants with a price change in its middle, every twentieth event twice, and a few that are rejected. */
final class RecordedMonth {

    private static final String CATALOG = """
            meters:
              - {meter: month_units, eventType: used, aggregation: sum, value: $.units, dimensions: {model: $.model, kind: $.kind}}
              - {meter: month_calls, eventType: used, aggregation: count}
            pricing:
              - version: v1
                effectiveFrom: "2026-01-01T00:00:00Z"
                currency: USD
                plans:
                  - plan: p
                    charges:
                      - {charge: base, model: flat, amount: "10.00"}
                      - charge: units
                        model: unit
                        meter: month_units
                        groupBy: [model]
                        divideBy: "10"
                        matrix:
                          - {where: {kind: [in]}, unitPrice: "0.07"}
                          - {where: {kind: [out]}, unitPrice: "0.21"}
                      - {charge: calls, model: graduated, meter: month_calls, tiers: [{upTo: "50", unitPrice: "0.10"}, {upTo: null, unitPrice: "0.01"}]}
              - version: v2
                effectiveFrom: "2026-04-16T00:00:00Z"
                currency: USD
                plans:
                  - plan: p
                    charges:
                      - {charge: base, model: flat, amount: "10.00"}
                      - {charge: units, model: unit, meter: month_units, unitPrice: "0.09", where: {kind: [in]}}
                      - {charge: calls, model: graduated, meter: month_calls, tiers: [{upTo: "50", unitPrice: "0.10"}, {upTo: null, unitPrice: "0.01"}]}
            subscriptions:
              - {tenant: a, plan: p, start: "2026-04-01T00:00:00Z", period: {every: P1W, anchor: "2026-04-01T00:00:00Z", timezone: UTC}}
              - {tenant: b, plan: p, start: "2026-04-01T00:00:00Z", period: {every: P1M, anchor: "2026-04-01T00:00:00Z", timezone: UTC}}
            """;

    private RecordedMonth() {}

    static RecordedLog record(Path directory) {
        CatalogRevision revision =
                OneCatalog.read(CATALOG.getBytes(StandardCharsets.UTF_8), "test", Catalog.Settings.DEFAULT, null);
        List<byte[]> events = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            events.add(event(i, "7"));
            if (i % 20 == 0) {
                events.add(event(i, "7"));
            }
            if (i % 50 == 0) {
                events.add(event(i, "99")); // under an identity that is taken
            }
        }
        events.add(event(1_000, "\"many\""));
        return RecordedLog.of(revision, events, Instant.parse("2026-05-01T00:00:00Z"), directory);
    }

    private static byte[] event(int id, String units) {
        Instant time = Instant.parse("2026-04-01T00:00:00Z").plusSeconds(id % 400 * 6_000L);
        String kind = id % 5 == 0 ? "in" : id % 7 == 0 ? "odd" : "out";
        return """
                {"specversion":"1.0","type":"used","source":"s","id":"%d","subject":"%s","time":"%s","data":{"units":%s,"model":"%s","kind":"%s"}}""".formatted(id, id % 3 == 0 ? "a" : "b", time, units, id % 2 == 0 ? "x" : "y/1", kind)
                .getBytes(StandardCharsets.UTF_8);
    }
}
