package io.tallystick.deploy.app.role;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tallystick.ingest.stream.AccountingView;
import io.tallystick.ingest.stream.Counts;
import io.tallystick.ingest.stream.PendingCloses;
import java.util.function.ToLongFunction;

/** What ingest counts, as metrics: of the partitions that this process holds, as of their newest commits. */
final class IngestMetrics {

    private static final String EVENTS = "tallystick.ingest.events";

    private IngestMetrics() {}

    static void bind(MeterRegistry registry, AccountingView accounting, PendingCloses closes) {
        count(registry, accounting, "read", Counts::read);
        count(
                registry,
                accounting,
                "accepted",
                counts -> counts.accepted() + counts.received().accepted());
        count(
                registry,
                accounting,
                "duplicate",
                counts -> counts.duplicates() + counts.received().duplicates());
        count(
                registry,
                accounting,
                "rejected",
                counts -> counts.rejected() + counts.received().rejected());
        count(registry, accounting, "misrouted", Counts::forwarded);
        count(registry, accounting, "received", counts -> counts.received().read());
        Gauge.builder("tallystick.ingest.misrouted.share", accounting, IngestMetrics::misroutedShare)
                .description(
                        "The share of events that came by another partition than their tenant's, since the beginning")
                .register(registry);
        Gauge.builder(
                        "tallystick.closes.pending",
                        closes,
                        pending -> pending.view().size())
                .description("Closes of billing periods that were asked for and are not in the log yet")
                .register(registry);
    }

    private static void count(
            MeterRegistry registry, AccountingView accounting, String outcome, ToLongFunction<Counts> count) {
        FunctionCounter.builder(EVENTS, accounting, view -> sum(view, count))
                .tag("outcome", outcome)
                .description("Events by what became of them; received: those that came by the misrouted hop")
                .register(registry);
    }

    private static long sum(AccountingView accounting, ToLongFunction<Counts> count) {
        return accounting.byPartition().values().stream().mapToLong(count).sum();
    }

    private static double misroutedShare(AccountingView accounting) {
        long read = sum(accounting, Counts::read);
        return read == 0 ? 0 : (double) sum(accounting, Counts::forwarded) / read;
    }
}
