package io.tallystick.deploy.app.replay;

import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import java.util.SortedSet;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The topics of one space, to be read and nothing else. Any number of threads may read at once. */
public interface LogSource extends AutoCloseable {

    /** With the space's own number of partitions. */
    Topics topics();

    /** The id of {@code usage.accepted}, which cuts name. */
    String log();

    /** The offset behind the last committed record at this moment. */
    long end(Topic topic, int partition);

    /** How far ingest has committed its reading of a topic; the topic's end where no ingest ever ran, as beside a copy. */
    long decided(Topic topic, int partition);

    /** Whether a pipeline may still be working on it, so that what is missing may be on its way. */
    boolean isLive();

    /** Hands over every committed record in front of {@code end}, in order. */
    void read(Topic topic, int partition, long end, Consumer<ConsumerRecord<byte[], byte[]>> reader);

    /** Hands over the committed records at these offsets, in order; where there is none, nothing. */
    void readAt(Topic topic, int partition, SortedSet<Long> offsets, Consumer<ConsumerRecord<byte[], byte[]>> reader);

    @Override
    void close();
}
