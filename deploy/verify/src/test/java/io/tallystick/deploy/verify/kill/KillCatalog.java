package io.tallystick.deploy.verify.kill;

import io.tallystick.deploy.verify.NaiveCatalog.Charge;
import io.tallystick.deploy.verify.NaiveCatalog.Meter;
import io.tallystick.deploy.verify.NaiveCatalog.Tier;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What the kill proofs bill: twice the same catalogue, once as the pipeline reads it and once as the naive bill is told of it. */
final class KillCatalog {

    /** Tenants {@code t0} to {@code t19}; the last one has no subscription. */
    static final List<String> TENANTS =
            IntStream.range(0, 20).mapToObj(i -> "t" + i).toList();

    private static final int SUBSCRIBED = 19;

    static final String REQUEST = "kill.request";
    static final String JOB = "kill.job";
    static final String COMPLETION = "kill.completion";

    static final Meter REQUESTS = new Meter("kill_requests", REQUEST, null, List.of("region"), null, Set.of(), null);
    static final Meter SECONDS = new Meter(
            "kill_seconds", JOB, "seconds", List.of("model"), "status", Set.of("succeeded"), new BigDecimal("0.1"));
    static final Meter TOKENS =
            new Meter("kill_tokens", COMPLETION, "tokens", List.of("kind", "model"), null, Set.of(), null);

    static final List<Meter> METERS = List.of(REQUESTS, SECONDS, TOKENS);

    static final String DOCUMENT = """
            meters:
              - {meter: kill_requests, eventType: kill.request, aggregation: count, dimensions: {region: $.region}}
              - meter: kill_seconds
                eventType: kill.job
                aggregation: sum
                value: $.seconds
                dimensions: {model: $.model}
                where: {status: [succeeded]}
                quantum: {step: "0.1", mode: up}
              - meter: kill_tokens
                eventType: kill.completion
                aggregation: sum
                value: $.tokens
                dimensions: {kind: $.kind, model: $.model}
            pricing:
              - version: kill_v1
                effectiveFrom: "2026-01-01T00:00:00Z"
                currency: USD
                plans:
                  - plan: kill_plan
                    charges:
                      - {charge: base, model: flat, amount: "49.00"}
                      - {charge: requests, model: unit, meter: kill_requests, unitPrice: "0.0004", included: "1000"}
                      - {charge: seconds, model: unit, meter: kill_seconds, unitPrice: "0.0021"}
                      - charge: tokens
                        model: graduated
                        meter: kill_tokens
                        divideBy: "1000000"
                        included: "0.1"
                        tiers:
                          - {upTo: "0.5", unitPrice: "3.00"}
                          - {upTo: "1.5", unitPrice: "2.00"}
                          - {upTo: null, unitPrice: "1.25"}
            subscriptions:
            """
            + TENANTS.stream().limit(SUBSCRIBED).map(KillCatalog::subscription).collect(Collectors.joining());

    static final List<Charge> PLAN = List.of(
            new Charge("base", null, new BigDecimal("49"), null, List.of(), BigDecimal.ZERO, BigDecimal.ONE),
            unit("requests", REQUESTS, "0.0004", "1000"),
            unit("seconds", SECONDS, "0.0021", "0"),
            new Charge(
                    "tokens",
                    TOKENS,
                    null,
                    null,
                    List.of(tier("0.5", "3"), tier("1.5", "2"), tier(null, "1.25")),
                    new BigDecimal("0.1"),
                    new BigDecimal("1000000")));

    private KillCatalog() {}

    /** The tenants that get an invoice. */
    static List<String> subscribed() {
        return TENANTS.subList(0, SUBSCRIBED);
    }

    private static Charge unit(String name, Meter meter, String unitPrice, String included) {
        return new Charge(
                name, meter, null, new BigDecimal(unitPrice), List.of(), new BigDecimal(included), BigDecimal.ONE);
    }

    private static Tier tier(@Nullable String upTo, String unitPrice) {
        return new Tier(upTo == null ? null : new BigDecimal(upTo), new BigDecimal(unitPrice));
    }

    private static String subscription(String tenant) {
        return """
              - {tenant: %s, plan: kill_plan, start: "2026-04-01T00:00:00Z", period: {every: P1M, anchor: "2026-04-01T00:00:00Z", timezone: UTC}}
            """.formatted(tenant);
    }
}
