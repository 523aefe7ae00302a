package io.tallystick.deploy.app.role;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tallystick.aggregator.stream.AggregatorCounts;

/** What the aggregator does, as metrics: of this process, since it started. */
final class AggregatorMetrics {

    private static final double[] PERCENTILES = {0.5, 0.99};

    private AggregatorMetrics() {}

    /** @return what to time usage answers with */
    static Timer bind(MeterRegistry registry, AggregatorCounts counts) {
        FunctionCounter.builder("tallystick.aggregator.readings", counts, AggregatorCounts::readings)
                .description("Values that were added to windows")
                .register(registry);
        FunctionCounter.builder("tallystick.aggregator.totals", counts, AggregatorCounts::totals)
                .description("Changed windows that were emitted, each once per commit")
                .register(registry);
        FunctionCounter.builder("tallystick.aggregator.overflows", counts, AggregatorCounts::overflows)
                .description("Hours of a meter in which dimension combinations began to go to the overflow value")
                .register(registry);
        Gauge.builder("tallystick.aggregator.held.bytes", counts, AggregatorCounts::heldBytes)
                .description("What open windows take on the heap, about")
                .register(registry);
        Gauge.builder("tallystick.aggregator.held.tenants", counts, AggregatorCounts::heldTenants)
                .description("Tenants whose windows are on the heap")
                .register(registry);
        return Timer.builder("tallystick.usage.query")
                .description("How long usage answers from this process's own stores take")
                .publishPercentiles(PERCENTILES)
                .register(registry);
    }
}
