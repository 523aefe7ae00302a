package io.tallystick.ingest.stream;

import io.tallystick.schemas.stream.StageClients;
import io.tallystick.schemas.topic.Topics;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;

/** The Kafka clients of ingest's application: as every stage's, but for the consumer of its inputs, see {@link RequestsFirstConsumer}. */
final class IngestClients extends StageClients {

    private final Topics topics;

    IngestClients(Topics topics) {
        this.topics = topics;
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new RequestsFirstConsumer(
                topics.usageEvents().name(), topics.billingRequests().name(), config);
    }
}
