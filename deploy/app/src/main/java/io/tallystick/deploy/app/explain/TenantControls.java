package io.tallystick.deploy.app.explain;

import io.tallystick.deploy.app.replay.LegibleRecord;
import io.tallystick.deploy.app.replay.LogSource;
import io.tallystick.rater.pricing.LineFinder;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.codec.SubscriptionDocument;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.EventVoided;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.SubscriptionSet;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.value.Period;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/** One tenant's log: its subscriptions as they stood at each place, its closes, and the events that were voided. */
final class TenantControls {

    /** A close marker and its offset in {@code usage.accepted}. */
    record Close(PeriodClosed marker, long offset) {}

    private final TreeMap<String, NavigableMap<Long, SubscriptionSet>> subscriptions = new TreeMap<>();
    private final List<Close> closes = new ArrayList<>();
    private final Map<Long, EventVoided> voids = new HashMap<>();

    /** Hands over every record of a tenant in front of an offset, in order, with its offset; a Failure at one that cannot be read. */
    static void forEach(LogSource source, String tenant, long end, ObjLongConsumer<AcceptedRecord> reader) {
        byte[] key = tenant.getBytes(StandardCharsets.UTF_8);
        int partition = partition(source, tenant);
        source.read(source.topics().usageAccepted(), partition, end, record -> {
            if (Arrays.equals(record.key(), key)) {
                reader.accept(LegibleRecord.content(TopicCodecs.ACCEPTED, record), record.offset());
            }
        });
    }

    static int partition(LogSource source, String tenant) {
        return TenantPartitioner.partitionOf(tenant, source.topics().partitions());
    }

    void take(AcceptedRecord record, long offset) {
        if (record instanceof SubscriptionSet set) {
            subscriptions
                    .computeIfAbsent(set.subscription(), name -> new TreeMap<>())
                    .put(offset, set);
        } else if (record instanceof PeriodClosed marker) {
            closes.add(new Close(marker, offset));
        } else if (record instanceof EventVoided voided) {
            voids.put(voided.event(), voided);
        }
    }

    /** How the event of a sequence was voided, if it was. */
    Optional<EventVoided> voidOf(long event) {
        return Optional.ofNullable(voids.get(event));
    }

    Iterable<String> subscriptions() {
        return subscriptions.keySet();
    }

    /** A subscription as it stood in front of an offset. */
    Optional<Subscription> subscription(String name, long offset) {
        NavigableMap<Long, SubscriptionSet> history = subscriptions.get(name);
        var standing = history == null ? null : history.lowerEntry(offset);
        return Optional.ofNullable(standing)
                .map(entry -> SubscriptionDocument.read(entry.getValue().document()));
    }

    /** The last close of a period in front of an offset that billed the period itself. */
    Optional<Close> closeOf(String subscription, Period period, long before) {
        return last(subscription, before, period);
    }

    /** The last close of a subscription in front of an offset, of whatever period. */
    Optional<Close> closeBefore(String subscription, long before) {
        return last(subscription, before, null);
    }

    private Optional<Close> last(String subscription, long before, @Nullable Period period) {
        Close last = null;
        for (Close close : closes) {
            PeriodClosed marker = close.marker();
            boolean isOf = marker.subscription().equals(subscription) && close.offset() < before;
            boolean isAsked =
                    period == null || (marker.period().equals(period) && marker.attempt() != PeriodClosed.ADJUSTMENTS);
            if (isOf && isAsked) {
                last = close;
            }
        }
        return Optional.ofNullable(last);
    }

    /** The closes of a subscription behind an offset, the earliest first. */
    List<Close> closesBehind(String subscription, long offset) {
        return closes.stream()
                .filter(close -> close.marker().subscription().equals(subscription) && close.offset() > offset)
                .toList();
    }

    /** How usage was grouped into lines when a period was closed. */
    Optional<LineFinder> finder(CatalogReader catalogs, Close close) {
        PeriodClosed marker = close.marker();
        return subscription(marker.subscription(), close.offset())
                .map(subscription -> new LineFinder(
                        catalogs.revision(marker.revision(), CatalogReader.PATIENCE)
                                .catalog(),
                        subscription,
                        marker.period()));
    }
}
