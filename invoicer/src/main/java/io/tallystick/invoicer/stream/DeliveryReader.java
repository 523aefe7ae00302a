package io.tallystick.invoicer.stream;

import io.tallystick.invoicer.delivery.DeliveryLifecycle;
import io.tallystick.invoicer.delivery.DeliveryState;
import io.tallystick.invoicer.provider.DeliveryWorker;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.Receipt;
import io.tallystick.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the worker the deliveries of the partitions that this process looks after, each with what has come of it. Every partition is read from its
 * beginning when it is given to the process: receipts first, so that nothing that was done is taken for undone.
 */
public final class DeliveryReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryReader.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LOOKED_FOR = Duration.ofMinutes(1);
    private static final long PAUSE_AFTER_ERROR_MS = 1000;

    private final Topics topics;
    private final Function<String, Consumer<String, byte[]>> members;
    private final Supplier<Consumer<String, byte[]>> readers;
    private final DeliveryWorker worker;
    private final DeliveryView view;
    private final Map<String, List<Receipt>> receipts = new HashMap<>();
    private final Map<TopicPartition, Long> restoredTo = new HashMap<>();
    private final Set<String> returned = new HashSet<>();
    private final Map<String, Reopening> reopened = new LinkedHashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "delivery-reader");
    private volatile @Nullable Consumer<String, byte[]> current;

    /** A delivery that somebody wants to be taken up again. */
    private record Reopening(int partition, int revision, long sinceNanos) {}

    /**
     * @param members new consumers of committed records in the group of this name, which share the partitions with those of other processes
     * @param readers new consumers of committed records, without a group
     * @param view where deliveries are found that are taken up again
     */
    public DeliveryReader(
            Topics topics,
            Function<String, Consumer<String, byte[]>> members,
            Supplier<Consumer<String, byte[]>> readers,
            DeliveryWorker worker,
            DeliveryView view) {
        this.view = view;
        this.topics = topics;
        this.members = members;
        this.readers = readers;
        this.worker = worker;
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        stopped.countDown();
        Consumer<String, byte[]> consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (stopped.getCount() > 0) {
            try (Consumer<String, byte[]> consumer =
                            members.apply(topics.space().applicationId("delivery"));
                    Consumer<String, byte[]> later = readers.get()) {
                current = consumer;
                follow(consumer, later);
            } catch (WakeupException e) {
                return;
            } catch (KafkaException e) {
                LOG.atWarn().setCause(e).log("reading the deliveries again from the beginning");
                pause();
            } finally {
                current = null;
                restoredTo.clear();
                reopened.clear();
                returned.clear();
                for (int partition = 0; partition < topics.partitions(); partition++) {
                    worker.release(partition);
                }
            }
        }
    }

    /** @param later reads the receipts behind those of the restore: another process may take up again what failed here */
    private void follow(Consumer<String, byte[]> consumer, Consumer<String, byte[]> later) {
        String topic = topics.billingDeliveries().name();
        consumer.subscribe(List.of(topic), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                partitions.forEach(partition -> restore(partition.partition()));
                consumer.seekToBeginning(partitions);
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                partitions.forEach(partition -> {
                    worker.release(partition.partition());
                    restoredTo.remove(receiptsOf(partition.partition()));
                });
            }
        });
        while (stopped.getCount() > 0) {
            consumer.poll(POLL).forEach(this::take);
            if (!later.assignment().equals(restoredTo.keySet())) {
                Set<TopicPartition> before = later.assignment();
                later.assign(restoredTo.keySet());
                restoredTo.forEach((partition, end) -> {
                    if (!before.contains(partition)) {
                        later.seek(partition, end);
                    }
                });
            }
            if (!restoredTo.isEmpty()) {
                later.poll(Duration.ZERO).forEach(this::takeReceipt);
            }
            reopened.entrySet().removeIf(entry -> isTaken(entry.getKey(), entry.getValue()));
        }
    }

    private TopicPartition receiptsOf(int partition) {
        return new TopicPartition(topics.billingReceipts().name(), partition);
    }

    private void takeReceipt(ConsumerRecord<String, byte[]> record) {
        if (!(TopicCodecs.RECEIPTS.decode(record.value()) instanceof Receipt receipt)) {
            return;
        }
        if (DeliveryLifecycle.isReported(receipt)) {
            if (!returned.add(receipt.delivery() + " " + receipt.revision())) {
                return; // the webhook came twice
            }
            view.delivery(receipt.delivery()).ifPresent(state -> worker.returned(record.partition(), state.delivery()));
        } else if (DeliveryLifecycle.isReopening(receipt)) {
            reopened.put(receipt.delivery(), new Reopening(record.partition(), receipt.revision(), System.nanoTime()));
        }
    }

    /** Gives the worker a delivery that is taken up again, once the view knows that it is; says whether there is nothing more to do. */
    private boolean isTaken(String id, Reopening reopening) {
        Optional<DeliveryState> state = view.delivery(id);
        if (state.isPresent()
                && state.get().status() == DeliveryState.Status.AMBIGUOUS
                && state.get().revision() == reopening.revision()) {
            worker.reopen(reopening.partition(), state.get());
            return true;
        }
        return System.nanoTime() - reopening.sinceNanos() > LOOKED_FOR.toNanos();
    }

    /** Reads what has come of the deliveries of one partition. */
    private void restore(int number) {
        TopicPartition partition = receiptsOf(number);
        try (Consumer<String, byte[]> reader = readers.get()) {
            reader.assign(List.of(partition));
            reader.seekToBeginning(List.of(partition));
            long end = reader.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            restoredTo.put(partition, end);
            while (reader.position(partition) < end && stopped.getCount() > 0) {
                for (ConsumerRecord<String, byte[]> record : reader.poll(POLL)) {
                    if (TopicCodecs.RECEIPTS.decode(record.value()) instanceof Receipt receipt) {
                        receipts.computeIfAbsent(receipt.delivery(), id -> new ArrayList<>())
                                .add(receipt);
                    }
                }
            }
        }
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        DeliveryState state = DeliveryState.of(TopicCodecs.DELIVERIES.decode(record.value()));
        List<Receipt> known = receipts.remove(state.delivery().id());
        if (known != null) {
            for (Receipt receipt : known) {
                state = DeliveryLifecycle.evolve(state, receipt);
            }
        }
        worker.offer(record.partition(), state);
    }

    private void pause() {
        try {
            if (stopped.await(PAUSE_AFTER_ERROR_MS, TimeUnit.MILLISECONDS)) {
                LOG.atDebug().log("delivery reader stopped");
            }
        } catch (InterruptedException e) {
            stopped.countDown();
            Thread.currentThread().interrupt();
        }
    }
}
