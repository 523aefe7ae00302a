package io.tallystick.ingest.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.message.Encoding;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.CloudEventSerializer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** What producers send that use the serializer of the CloudEvents SDK for Java. */
class CloudEventsSdkTest {

    private static final CloudEvent EVENT = CloudEventBuilder.v1()
            .withId("1")
            .withSource(URI.create("/test"))
            .withType("tokens.used")
            .withSubject("zürich")
            .withTime(OffsetDateTime.parse("2026-04-01T02:00:00+02:00"))
            .withExtension("idempotencykey", "k")
            .withExtension("traceparent", "00-ab-cd-01")
            .withData("application/json", "{\"tokens\":12.50}".getBytes(StandardCharsets.UTF_8))
            .build();

    private static DecodedEvent sent(Map<String, Object> config) {
        Headers headers = new RecordHeaders();
        byte[] value;
        try (CloudEventSerializer serializer = new CloudEventSerializer()) {
            serializer.configure(config, false);
            value = serializer.serialize("any", headers, EVENT);
        }
        DataPaths paths = TestingMessages.paths("$.tokens");
        return new EventDecoder()
                .decode(
                        value,
                        visitor -> headers.forEach(header -> visitor.accept(header.key(), header.value())),
                        type -> paths);
    }

    @Test
    void isReadInBothContentModes() {
        Map<String, Object> binary = Map.of(CloudEventSerializer.ENCODING_CONFIG, Encoding.BINARY);
        Map<String, Object> structured = Map.of(
                CloudEventSerializer.ENCODING_CONFIG, Encoding.STRUCTURED,
                CloudEventSerializer.EVENT_FORMAT_CONFIG, JsonFormat.CONTENT_TYPE);

        for (DecodedEvent event : new DecodedEvent[] {sent(binary), sent(structured)}) {
            assertThat(event.malformed()).isNull();
            assertThat(event.id()).isEqualTo("1");
            assertThat(event.source()).isEqualTo("/test");
            assertThat(event.type()).isEqualTo("tokens.used");
            assertThat(event.subject()).isEqualTo("zürich");
            assertThat(EventTime.parse(String.valueOf(event.time()))).hasValue(1_775_001_600_000L);
            assertThat(event.idempotencyKey()).isEqualTo("k");
            assertThat(event.data().text(0)).startsWith("12.5");
        }
    }
}
