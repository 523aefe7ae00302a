package io.tallystick.ingest.stream;

import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.BillingRequest;
import io.tallystick.schemas.event.BillingRequest.CloseReleased;
import io.tallystick.schemas.event.BillingRequest.CloseRequested;
import io.tallystick.schemas.event.BillingRequest.CreditRequested;
import io.tallystick.schemas.event.BillingRequest.SubscriptionRequested;
import io.tallystick.schemas.event.CreditSet;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.SubscriptionSet;
import io.tallystick.schemas.value.CanonicalJson;
import io.tallystick.schemas.value.Period;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Remembers what was asked of one partition, so that asking twice changes nothing. */
final class RequestDesk {

    /** Stands for a close that is in the log. */
    private static final byte[] DONE = {};

    private final int partition;
    private final KeyValueStore<String, byte[]> closes;
    private final KeyValueStore<String, Integer> subscriptions;
    private final PendingCloses pending;

    /**
     * @param closes the request of each close that waits, or nothing for one that is done
     * @param subscriptions the revision that each subscription, and each credit, was last set by
     */
    RequestDesk(
            int partition,
            KeyValueStore<String, byte[]> closes,
            KeyValueStore<String, Integer> subscriptions,
            PendingCloses pending) {
        this.partition = partition;
        this.closes = closes;
        this.subscriptions = subscriptions;
        this.pending = pending;
        try (KeyValueIterator<String, byte[]> entries = closes.all()) {
            while (entries.hasNext()) {
                KeyValue<String, byte[]> entry = entries.next();
                if (entry.value.length > 0) {
                    pending.add(entry.key, partition, (CloseRequested) TopicCodecs.REQUESTS.decode(entry.value));
                }
            }
        }
    }

    /** Whether this changes the subscription: not when it came with this or a later revision already. */
    boolean takes(SubscriptionRequested request) {
        return isNews(CanonicalJson.write(List.of(request.tenant(), request.subscription())), request.revision());
    }

    /** Whether this changes the credit: not when it came with this or a later revision already. */
    boolean takes(CreditRequested request) {
        return isNews(CanonicalJson.write(List.of(request.tenant(), "#credit", request.credit())), request.revision());
    }

    private boolean isNews(String key, int revision) {
        Integer known = subscriptions.get(key);
        if (known != null && known >= revision) {
            return false;
        }
        subscriptions.put(key, revision);
        return true;
    }

    /** The subscription is set elsewhere. */
    void isSet(SubscriptionSet set) {
        subscriptions.put(CanonicalJson.write(List.of(set.tenant(), set.subscription())), set.revision());
    }

    /** The credit is set elsewhere. */
    void isSet(CreditSet set) {
        subscriptions.put(CanonicalJson.write(List.of(set.tenant(), "#credit", set.credit())), set.revision());
    }

    /** The period is closed elsewhere. */
    void isClosed(PeriodClosed closed) {
        if (closed.attempt() != PeriodClosed.ADJUSTMENTS) {
            closes.put(key(closed.tenant(), closed.subscription(), closed.period(), closed.attempt()), DONE);
        }
    }

    /** A close waits from now on, unless it waited before, is done, or is of a subscription that nobody set. */
    void take(CloseRequested request) {
        String key = key(request.tenant(), request.subscription(), request.period(), request.attempt());
        String subscription = CanonicalJson.write(List.of(request.tenant(), request.subscription()));
        if (closes.get(key) == null && subscriptions.get(subscription) != null) {
            closes.put(key, TopicCodecs.REQUESTS.encode((BillingRequest) request));
            pending.add(key, partition, request);
        }
    }

    /** Whether the close waited; from now on it is done. What is late may be asked for again and again. */
    boolean release(CloseReleased released) {
        String key = key(released.tenant(), released.subscription(), released.period(), released.attempt());
        byte @Nullable [] state = closes.get(key);
        if (state == null || state.length == 0) {
            return false;
        }
        if (released.attempt() == PeriodClosed.ADJUSTMENTS) {
            closes.delete(key);
        } else {
            closes.put(key, DONE);
        }
        pending.remove(key);
        return true;
    }

    static String key(String tenant, String subscription, Period period, int attempt) {
        return CanonicalJson.write(List.of(tenant, subscription, period.start().toString(), attempt));
    }
}
