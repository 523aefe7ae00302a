package io.tallystick.invoicer.stream;

import io.tallystick.invoicer.delivery.DeliveryLifecycle;
import io.tallystick.invoicer.delivery.DeliveryState;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.ProviderEvent;
import io.tallystick.schemas.event.Receipt;
import io.tallystick.schemas.event.ReceiptRecord;
import io.tallystick.schemas.topic.TopicFollower;
import io.tallystick.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Every delivery as it stands, and which webhooks came, from {@code billing.deliveries} and {@code billing.receipts}: the read model behind
 * reconciliation and webhooks. It knows all partitions.
 */
public final class DeliveryView implements AutoCloseable {

    private final Map<String, DeliveryState> byId = new HashMap<>();
    private final Map<String, List<Receipt>> early = new HashMap<>();
    private final Map<String, String> byObject = new HashMap<>();
    private final Set<String> events = new HashSet<>();
    private final TopicFollower deliveries;
    private final TopicFollower receipts;

    /**
     * @param forDeliveries new consumers of committed records, without a group
     * @param forReceipts likewise
     */
    public DeliveryView(
            Topics topics,
            Supplier<Consumer<String, byte[]>> forDeliveries,
            Supplier<Consumer<String, byte[]>> forReceipts) {
        deliveries = new TopicFollower("delivery-view", topics.billingDeliveries(), forDeliveries, this::takeDelivery);
        receipts = new TopicFollower("receipt-view", topics.billingReceipts(), forReceipts, this::takeReceipt);
    }

    public void start() {
        deliveries.start();
        receipts.start();
    }

    /** Whether everything is known that stood there when the view started. */
    public boolean ready() {
        return deliveries.ready() && receipts.ready();
    }

    /** Waits until the view is {@link #ready}; false when it is not after {@code patience}. */
    public boolean awaitReady(Duration patience) throws InterruptedException {
        return deliveries.awaitReady(patience) && receipts.awaitReady(patience);
    }

    /** The deliveries to choose, in no order. */
    public synchronized List<DeliveryState> deliveries(Predicate<DeliveryState> chosen) {
        return byId.values().stream().filter(chosen).toList();
    }

    public synchronized Optional<DeliveryState> delivery(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** One of the deliveries to choose, if one is there or comes within {@code patience}. */
    public synchronized Optional<DeliveryState> await(Predicate<DeliveryState> chosen, Duration patience)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            Optional<DeliveryState> found =
                    byId.values().stream().filter(chosen).findFirst();
            long left = end - System.nanoTime();
            if (found.isPresent() || left <= 0) {
                return found;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** The delivery that made an object at a provider. */
    public synchronized Optional<DeliveryState> madeBy(String provider, String object) {
        return Optional.ofNullable(byObject.get(provider + " " + object)).map(byId::get);
    }

    /** Whether a webhook has come before. */
    public synchronized boolean knows(String provider, String event) {
        return events.contains(provider + " " + event);
    }

    @Override
    public void close() {
        deliveries.close();
        receipts.close();
    }

    private synchronized void takeDelivery(ConsumerRecord<String, byte[]> record) {
        DeliveryState state = DeliveryState.of(TopicCodecs.DELIVERIES.decode(record.value()));
        if (byId.putIfAbsent(state.delivery().id(), state) == null) {
            List<Receipt> known = early.remove(state.delivery().id());
            if (known != null) {
                known.forEach(this::take);
            }
            notifyAll();
        }
    }

    private synchronized void takeReceipt(ConsumerRecord<String, byte[]> record) {
        byte @Nullable [] value = record.value();
        if (value == null) {
            return;
        }
        ReceiptRecord some = TopicCodecs.RECEIPTS.decode(value);
        if (some instanceof Receipt receipt) {
            take(receipt);
        } else if (some instanceof ProviderEvent event) {
            events.add(event.provider() + " " + event.event());
        }
    }

    private void take(Receipt receipt) {
        DeliveryState state = byId.get(receipt.delivery());
        if (state == null) { // the two topics are read side by side
            early.computeIfAbsent(receipt.delivery(), id -> new ArrayList<>()).add(receipt);
            return;
        }
        DeliveryState now = DeliveryLifecycle.evolve(state, receipt);
        byId.put(receipt.delivery(), now);
        if (!now.object().isEmpty()) {
            byObject.put(now.delivery().provider() + " " + now.object(), receipt.delivery());
        }
    }
}
