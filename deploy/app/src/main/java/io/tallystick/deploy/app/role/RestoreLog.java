package io.tallystick.deploy.app.role;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says how long a stage took to get its stores back from their changelogs, once for each time that it had to. */
final class RestoreLog implements StateRestoreListener, KafkaStreams.StateListener {

    private static final Logger LOG = LoggerFactory.getLogger(RestoreLog.class);

    private final Role role;
    private long records;
    private long startedAt;
    private boolean isRestoring;

    RestoreLog(Role role) {
        this.role = role;
    }

    @Override
    public synchronized void onRestoreStart(TopicPartition partition, String store, long from, long to) {
        if (!isRestoring) {
            isRestoring = true;
            startedAt = System.nanoTime();
            records = 0;
        }
    }

    @Override
    public synchronized void onBatchRestored(TopicPartition partition, String store, long end, long batch) {
        records += batch;
    }

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long total) {
        // The last one is told by the stage's state: identities are read from their blocks after that.
    }

    @Override
    public synchronized void onChange(KafkaStreams.State now, KafkaStreams.State before) {
        if (now == KafkaStreams.State.RUNNING && isRestoring) {
            isRestoring = false;
            LOG.info(
                    "stores_restored role={} changelog_records={} millis={}",
                    role,
                    records,
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt));
        }
    }
}
