package io.tallystick.invoicer.stream;

import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.BillingRequest;
import io.tallystick.schemas.event.BillingRequest.CloseReleased;
import io.tallystick.schemas.event.BillingRequest.CloseRequested;
import io.tallystick.schemas.event.BillingRequest.SubscriptionRequested;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.topic.TopicFollower;
import io.tallystick.schemas.topic.Topics;
import io.tallystick.schemas.value.Period;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What was asked in {@code billing.requests} about periods, as far as it is not done: closes under way, and since when each subscription is known. */
public final class RequestView implements AutoCloseable {

    private final InvoiceView invoices;
    private final TopicFollower follower;
    private final Map<CloseKey, ClosePending> pending = new ConcurrentHashMap<>();
    private final Map<String, Applied> applied = new ConcurrentHashMap<>();

    private record CloseKey(String subscription, Period period, int attempt) {}

    /** What a subscription says, and since when. */
    private record Applied(int document, Instant since) {}

    /**
     * A close that was asked for and has no invoice yet.
     *
     * @param isReleased whether ingest is past everything that stood in front of it
     */
    public record ClosePending(CloseRequested request, boolean isReleased) {}

    /**
     * @param invoices says which closes are done
     * @param consumers new consumers of committed records, without a group; one is open at a time
     */
    public RequestView(Topics topics, InvoiceView invoices, Supplier<Consumer<String, byte[]>> consumers) {
        this.invoices = invoices;
        follower = new TopicFollower("request-view", topics.billingRequests(), consumers, this::take);
    }

    public void start() {
        follower.start();
    }

    /** Whether everything is known that had been asked when the view started. */
    public boolean ready() {
        return follower.ready();
    }

    /** Waits until the view is {@link #ready}; false when it is not after {@code patience}. */
    public boolean awaitReady(Duration patience) throws InterruptedException {
        return follower.awaitReady(patience);
    }

    /** The closes under way, in the order they were asked for. */
    public List<ClosePending> pending() {
        pending.values().removeIf(close -> isDone(close.request()));
        return pending.values().stream()
                .sorted(Comparator.<ClosePending>comparingLong(
                                close -> close.request().requestedAt())
                        .thenComparing(close -> close.request().period().end())
                        .thenComparing(close -> close.request().subscription()))
                .toList();
    }

    /** Whether the first close of a period was asked for and is under way. */
    public boolean isPending(String subscription, Period period) {
        return pending.containsKey(new CloseKey(subscription, period, 1)) && !invoices.isClosed(subscription, period);
    }

    /** Whether this close, or reissue, was asked for and is under way. */
    public boolean isPending(String subscription, Period period, int attempt) {
        return pending.containsKey(new CloseKey(subscription, period, attempt))
                && invoices.attempts(subscription, period) < Math.max(attempt, 1);
    }

    /** Since when a subscription is as it stands; empty while that is not known. Applying the same again changes nothing. */
    public Optional<Instant> changedAt(String subscription) {
        return Optional.ofNullable(applied.get(subscription)).map(Applied::since);
    }

    @Override
    public void close() {
        follower.close();
    }

    private boolean isDone(CloseRequested request) {
        return request.attempt() > 0
                && invoices.attempts(request.subscription(), request.period()) >= request.attempt();
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        byte @Nullable [] value = record.value();
        if (value == null) {
            return;
        }
        BillingRequest request = TopicCodecs.REQUESTS.decode(value);
        if (request instanceof CloseRequested asked) {
            if (!isDone(asked)) {
                CloseKey key = new CloseKey(asked.subscription(), asked.period(), asked.attempt());
                pending.putIfAbsent(key, new ClosePending(asked, false)); // asked for twice: the first counts
            }
        } else if (request instanceof CloseReleased released) {
            CloseKey key = new CloseKey(released.subscription(), released.period(), released.attempt());
            if (released.attempt() == PeriodClosed.ADJUSTMENTS) {
                pending.remove(key); // whether an invoice comes of it depends on what is late
            } else {
                pending.computeIfPresent(key, (same, close) -> new ClosePending(close.request(), true));
            }
        } else if (request instanceof SubscriptionRequested set) {
            Applied now = new Applied(set.document().hashCode(), Instant.ofEpochMilli(record.timestamp()));
            applied.merge(
                    set.subscription(), now, (before, same) -> before.document() == now.document() ? before : now);
        }
    }
}
