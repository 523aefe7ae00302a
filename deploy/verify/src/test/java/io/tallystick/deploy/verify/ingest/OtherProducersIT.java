package io.tallystick.deploy.verify.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.message.Encoding;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.CloudEventSerializer;
import io.tallystick.deploy.verify.EventLog;
import io.tallystick.deploy.verify.SharedUp;
import io.tallystick.deploy.verify.TestingUp;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.topic.Topics;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Events from producers that we did not write: the CloudEvents SDK's own serializer, and one in another language. */
@ExtendWith(SharedUp.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OtherProducersIT {

    private static final String METER = "interop_units";

    private final TestingUp up;

    OtherProducersIT(TestingUp up) {
        this.up = up;
    }

    @BeforeAll
    void publishTheMeter() {
        up.service()
                .putCatalog(
                        "meters: [{meter: interop_units, eventType: interop.used, aggregation: sum, value: $.units}]")
                .ok();
    }

    @Test
    void kcatSendsStructuredModeWithAndWithoutItsContentType() {
        TestingKcat kcat = TestingKcat.on(up.bootstrap());
        kcat.send(structured("kcat-structured", "1", "1.5"), "-k", "kcat-structured");
        kcat.send(
                structured("kcat-structured", "2", "2"),
                "-k",
                "whatever",
                "-H",
                "content-type=application/cloudevents+json; charset=UTF-8");
        // The same identity in the other mode is the same event.
        sendBinary(kcat, "kcat-structured", "2", "2", "ce_");

        up.service().awaitTotal(METER, "kcat-structured", "3.5");
    }

    @Test
    void kcatSendsBinaryModeWithHeadersInAnyCase() {
        TestingKcat kcat = TestingKcat.on(up.bootstrap());
        sendBinary(kcat, "kcat-binary", "1", "10", "ce_");
        sendBinary(kcat, "kcat-binary", "2", "0.25", "CE_");
        sendBinary(kcat, "kcat-binary", "1", "10", "Ce_");

        up.service().awaitTotal(METER, "kcat-binary", "10.25");
    }

    @Test
    void kcatFindsTheTenantsPartitionWithJavasPartitioner() {
        TestingKcat kcat = TestingKcat.on(up.bootstrap());
        int tenants = 12;
        for (int i = 0; i < tenants; i++) {
            String tenant = "kcat-partitioned-" + i;
            kcat.send(structured(tenant, "1", "1"), "-k", tenant, "-X", "partitioner=murmur2_random");
        }
        for (int i = 0; i < tenants; i++) {
            up.service().awaitTotal(METER, "kcat-partitioned-" + i, "1");
        }

        AtomicInteger seen = new AtomicInteger();
        try (EventLog log = new EventLog(up.bootstrap())) {
            log.forEach(Topics::usageAccepted, record -> {
                if (TopicCodecs.ACCEPTED.decode(record.value()) instanceof AcceptedEvent event
                        && event.tenant().startsWith("kcat-partitioned-")) {
                    seen.incrementAndGet();
                    assertThat(event.place().partition()).as(event.tenant()).isEqualTo(record.partition());
                }
            });
        }
        assertThat(seen).hasValue(tenants);
    }

    @Test
    void theCloudEventsSdkSendsBothModes() {
        for (Encoding mode : Encoding.values()) {
            Map<String, Object> config = Map.of(
                    "bootstrap.servers",
                    up.bootstrap(),
                    CloudEventSerializer.ENCODING_CONFIG,
                    mode,
                    CloudEventSerializer.EVENT_FORMAT_CONFIG,
                    JsonFormat.CONTENT_TYPE);
            CloudEventSerializer serializer = new CloudEventSerializer();
            serializer.configure(config, false);
            try (Producer<String, CloudEvent> producer =
                    new KafkaProducer<>(config, new StringSerializer(), serializer)) {
                EventLog.unwaited(producer.send(new ProducerRecord<>("usage.events", "sdk", sdkEvent("same", "1"))));
                EventLog.unwaited(
                        producer.send(new ProducerRecord<>("usage.events", "sdk", sdkEvent(mode.name(), "20.5"))));
            }
        }

        // One in each mode, and one that both sent.
        up.service().awaitTotal(METER, "sdk", "42");
    }

    private static CloudEvent sdkEvent(String id, String units) {
        return CloudEventBuilder.v1()
                .withId(id)
                .withSource(URI.create("/sdk"))
                .withType("interop.used")
                .withSubject("sdk")
                .withExtension("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                .withData("application/json", ("{\"units\":" + units + "}").getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private static void sendBinary(TestingKcat kcat, String tenant, String id, String units, String prefix) {
        kcat.send(
                "{\"units\":\"" + units + "\"}",
                "-H",
                prefix + "specversion=1.0",
                "-H",
                prefix + "id=" + id,
                "-H",
                prefix + "source=/kcat",
                "-H",
                prefix + "type=interop.used",
                "-H",
                prefix + "subject=" + tenant,
                "-H",
                "Content-Type=application/json",
                "-H",
                "x-other=1");
    }

    private static String structured(String tenant, String id, String units) {
        return "{\"specversion\":\"1.0\",\"type\":\"interop.used\",\"source\":\"/kcat\",\"id\":\"" + id
                + "\",\"subject\":\"" + tenant + "\",\"data\":{\"units\":" + units + "}}";
    }
}
