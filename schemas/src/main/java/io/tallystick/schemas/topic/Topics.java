package io.tallystick.schemas.topic;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The one list of topics: names, partitions, retention. A topic name written anywhere else is a bug. */
public final class Topics {

    /** Partitions of every topic of an embedded broker. */
    public static final int PARTITIONS_EMBEDDED = 12;

    /** Partitions that a new space on a cluster gets unless told. They are chosen once: state is keyed by them. */
    public static final int PARTITIONS_CLUSTER = 64;

    /** The largest event that is counted, in bytes. */
    public static final int EVENT_BYTES_MAX = 1 << 20;

    /** The largest record that the input topic takes, in bytes: above the event limit, so that larger ones are counted and not lost. */
    public static final int RECORD_BYTES_MAX = 8 << 20;

    /** Room for headers and framing around the largest record, in bytes. */
    public static final int RECORD_OVERHEAD_BYTES = 1 << 16;

    private static final String FOR_EVER = "-1";
    private static final long READERS_CATCH_UP_MS = Duration.ofDays(30).toMillis();
    private static final long DEAD_LETTERS_MS = Duration.ofDays(90).toMillis();
    private static final String REQUEST_BYTES_MAX = Integer.toString(RECORD_BYTES_MAX + RECORD_OVERHEAD_BYTES);

    private final Space space;
    private final int partitions;

    /** @param partitions of every partitioned topic of the space; the same everywhere and for ever */
    public Topics(Space space, int partitions) {
        if (partitions < 1) {
            throw new IllegalArgumentException("a topic has at least one partition, not " + partitions);
        }
        this.space = space;
        this.partitions = partitions;
    }

    public Space space() {
        return space;
    }

    public int partitions() {
        return partitions;
    }

    /** CloudEvents from any producer: the source of truth. */
    public Topic usageEvents() {
        return topic("usage.events", keptForEver("max.message.bytes", REQUEST_BYTES_MAX));
    }

    /**
     * Events that came by another partition than their tenant's, on their one hop to it, with their first place in headers.
     * Kept long enough that a close never waits for a record that is gone.
     */
    public Topic usageMisrouted() {
        return topic(
                "usage.misrouted",
                Map.of(
                        "cleanup.policy",
                        "delete",
                        "retention.ms",
                        Long.toString(Duration.ofDays(7).toMillis()),
                        // By arrival: imported history must not be deleted before it is read.
                        "message.timestamp.type",
                        "LogAppendTime",
                        "max.message.bytes",
                        REQUEST_BYTES_MAX));
    }

    /** Each event once, with what every meter reads from it; controls in band. */
    public Topic usageAccepted() {
        return topic("usage.accepted", keptForEver("max.message.bytes", REQUEST_BYTES_MAX));
    }

    /** Dead letters as they came, kept by arrival. */
    public Topic usageRejected() {
        return topic(
                "usage.rejected",
                Map.of(
                        "cleanup.policy",
                        "delete",
                        "retention.ms",
                        Long.toString(DEAD_LETTERS_MS),
                        "message.timestamp.type",
                        "LogAppendTime",
                        "max.message.bytes",
                        REQUEST_BYTES_MAX));
    }

    /** The mergeable state of each window; controls in band. */
    public Topic usageTotals() {
        return topic("usage.totals", compactedForReaders());
    }

    /** Catalogue documents: one record per object, one manifest per revision. One partition: its order is the order of revisions. */
    public Topic billingCatalog() {
        return new Topic(space.topicName("billing.catalog"), 1, keptForEver("max.message.bytes", REQUEST_BYTES_MAX));
    }

    /** What was asked of ingest, and how far it is. */
    public Topic billingRequests() {
        return topic("billing.requests", keptForEver("max.message.bytes", REQUEST_BYTES_MAX));
    }

    /** Lines of the open periods; controls in band. */
    public Topic billingCharges() {
        return topic("billing.charges", compactedForReaders());
    }

    /** Each invoice as it stands after every change. */
    public Topic billingInvoices() {
        return topic("billing.invoices", Map.of("cleanup.policy", "compact", "max.message.bytes", REQUEST_BYTES_MAX));
    }

    /** One record per line of a finalized invoice. */
    public Topic billingLineItems() {
        return topic("billing.line_items", keptForEver("max.message.bytes", REQUEST_BYTES_MAX));
    }

    /** What must go to a payment provider. */
    public Topic billingDeliveries() {
        return topic("billing.deliveries", keptForEver("max.message.bytes", REQUEST_BYTES_MAX));
    }

    /** What came of it. */
    public Topic billingReceipts() {
        return topic("billing.receipts", keptForEver("max.message.bytes", REQUEST_BYTES_MAX));
    }

    /** Limits reached, unrated usage, late usage, drift. */
    public Topic billingAlerts() {
        return topic(
                "billing.alerts",
                Map.of(
                        "cleanup.policy", "delete",
                        "retention.ms", Long.toString(DEAD_LETTERS_MS),
                        "message.timestamp.type", "LogAppendTime"));
    }

    /** There while the space is being made out of another one, and of no use then; not one of {@link #all}. */
    public Topic unfinishedMigration() {
        return new Topic(space.topicName("migration.unfinished"), 1, Map.of());
    }

    /** Every topic, in the order of the flow. */
    public List<Topic> all() {
        return List.of(
                usageEvents(),
                usageMisrouted(),
                usageAccepted(),
                usageRejected(),
                usageTotals(),
                billingCatalog(),
                billingRequests(),
                billingCharges(),
                billingInvoices(),
                billingLineItems(),
                billingDeliveries(),
                billingReceipts(),
                billingAlerts());
    }

    private Topic topic(String name, Map<String, String> config) {
        return new Topic(space.topicName(name), partitions, config);
    }

    private static Map<String, String> keptForEver(String key, String value) {
        return Map.of("cleanup.policy", "delete", "retention.ms", FOR_EVER, "retention.bytes", FOR_EVER, key, value);
    }

    // A reader that was down must still find the value in front of a marker: nothing is compacted away for 30 days.
    private static Map<String, String> compactedForReaders() {
        return Map.of(
                "cleanup.policy",
                "compact",
                "min.compaction.lag.ms",
                Long.toString(READERS_CATCH_UP_MS),
                "delete.retention.ms",
                Long.toString(READERS_CATCH_UP_MS),
                "max.message.bytes",
                REQUEST_BYTES_MAX);
    }
}
