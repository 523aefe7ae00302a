package io.tallystick.deploy.app.replay;

import io.tallystick.deploy.app.Failure;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A log that is read as fast as the pipeline that works on it bears: its readers wait while it is behind. */
public final class PacedLog implements LogSource {

    private static final long WAIT_MS = 20;
    private static final int RECORDS_PER_LOOK = 64;

    private final LogSource log;
    private final LivePace pace;

    private PacedLog(LogSource log, LivePace pace) {
        this.log = log;
        this.pace = pace;
    }

    /** @param log is closed with this */
    public static PacedLog of(KafkaLog log) {
        return new PacedLog(log, new LivePace(log::lags));
    }

    @Override
    public void read(Topic topic, int partition, long end, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        int[] read = {0};
        log.read(topic, partition, end, record -> {
            if (read[0]++ % RECORDS_PER_LOOK == 0) {
                letLiveGoFirst();
            }
            reader.accept(record);
        });
    }

    @Override
    public void readAt(
            Topic topic, int partition, SortedSet<Long> offsets, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        log.readAt(topic, partition, offsets, record -> {
            letLiveGoFirst();
            reader.accept(record);
        });
    }

    private void letLiveGoFirst() {
        while (pace.mustWait(System.nanoTime())) {
            try {
                TimeUnit.MILLISECONDS.sleep(WAIT_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Failure.unreachable("interrupted", "run the command again", e);
            }
        }
    }

    @Override
    public Topics topics() {
        return log.topics();
    }

    @Override
    public String log() {
        return log.log();
    }

    @Override
    public long end(Topic topic, int partition) {
        return log.end(topic, partition);
    }

    @Override
    public long decided(Topic topic, int partition) {
        return log.decided(topic, partition);
    }

    @Override
    public boolean isLive() {
        return log.isLive();
    }

    @Override
    public void close() {
        log.close();
    }
}
