package io.tallystick.schemas.topic;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a topic from its beginning and follows it, in a thread of its own. After an error of the cluster it starts again from the beginning, so that
 * {@code taker} sees every record at least once.
 */
public final class TopicFollower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicFollower.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long PAUSE_AFTER_ERROR_MS = 1000;

    private final Topic topic;
    private final Supplier<Consumer<String, byte[]>> consumers;
    private final Taker taker;
    private final Thread thread;
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile @Nullable Consumer<String, byte[]> current;

    /** Takes one record; called by one thread. */
    @FunctionalInterface
    public interface Taker {
        void take(ConsumerRecord<String, byte[]> record);
    }

    /** @param name of the thread */
    public TopicFollower(String name, Topic topic, Supplier<Consumer<String, byte[]>> consumers, Taker taker) {
        this.topic = topic;
        this.consumers = consumers;
        this.taker = taker;
        this.thread = new Thread(this::run, name);
        this.thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Whether the follower has taken everything that was there when it started. */
    public boolean ready() {
        return caughtUp.getCount() == 0;
    }

    /** Waits until the follower is ready; false when it is not after {@code patience}. */
    public boolean awaitReady(Duration patience) throws InterruptedException {
        return caughtUp.await(patience.toMillis(), TimeUnit.MILLISECONDS);
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
            try (Consumer<String, byte[]> consumer = consumers.get()) {
                current = consumer;
                follow(consumer);
            } catch (WakeupException e) {
                return;
            } catch (KafkaException e) {
                LOG.atWarn().setCause(e).addKeyValue("topic", topic.name()).log("reading again from the beginning");
                pause();
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).addKeyValue("topic", topic.name()).log("unreadable topic");
                pause();
            } finally {
                current = null;
            }
        }
    }

    private void follow(Consumer<String, byte[]> consumer) {
        List<TopicPartition> partitions = IntStream.range(0, topic.partitions())
                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> behind = new HashMap<>(consumer.endOffsets(partitions));
        while (stopped.getCount() > 0) {
            behind.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
            if (behind.isEmpty()) {
                caughtUp.countDown();
            }
            consumer.poll(POLL).forEach(taker::take);
        }
    }

    private void pause() {
        try {
            boolean over = stopped.await(PAUSE_AFTER_ERROR_MS, TimeUnit.MILLISECONDS);
            LOG.atDebug()
                    .addKeyValue("topic", topic.name())
                    .addKeyValue("stopped", over)
                    .log("paused");
        } catch (InterruptedException e) {
            stopped.countDown();
            Thread.currentThread().interrupt();
        }
    }
}
