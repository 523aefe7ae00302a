package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** One line of {@code send} as the record that a producer would write. What is no event is sent all the same: deciding that is not a producer's business. */
final class EventLine {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String STRUCTURED = "application/cloudevents+json; charset=UTF-8";
    private static final String CONTENT_TYPE = "content-type";

    private final byte[] line;
    private final @Nullable JsonNode event;

    EventLine(byte[] line) {
        this.line = line;
        this.event = objectIn(line);
    }

    /** Whether it is a JSON object, as every event is. */
    boolean isObject() {
        return event != null;
    }

    /** The event as it came, in the record's value. */
    ProducerRecord<byte[], byte[]> structured(String topic, boolean isKeyed) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, key(isKeyed), line);
        record.headers().add(CONTENT_TYPE, STRUCTURED.getBytes(StandardCharsets.UTF_8));
        return record;
    }

    /** Its attributes in headers and its data in the value; as {@link #structured} when it is no object. */
    ProducerRecord<byte[], byte[]> binary(String topic, boolean isKeyed) {
        if (event == null) {
            return structured(topic, isKeyed);
        }
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, key(isKeyed), data(event));
        for (Map.Entry<String, JsonNode> attribute : event.properties()) {
            String name = attribute.getKey();
            if (name.equals("data")
                    || name.equals("data_base64")
                    || attribute.getValue().isNull()) {
                continue;
            }
            record.headers()
                    .add(
                            name.equals("datacontenttype") ? CONTENT_TYPE : "ce_" + name,
                            attribute.getValue().asText().getBytes(StandardCharsets.UTF_8));
        }
        if (!event.has("datacontenttype")) {
            record.headers().add(CONTENT_TYPE, "application/json".getBytes(StandardCharsets.UTF_8));
        }
        return record;
    }

    private byte @Nullable [] key(boolean isKeyed) {
        if (!isKeyed || event == null || !event.path("subject").isTextual()) {
            return null;
        }
        return event.path("subject").textValue().getBytes(StandardCharsets.UTF_8);
    }

    private static byte @Nullable [] data(JsonNode event) {
        try {
            if (event.has("data_base64")) {
                return event.get("data_base64").binaryValue();
            }
            return event.has("data") ? JSON.writeValueAsBytes(event.get("data")) : null;
        } catch (java.io.IOException e) {
            return event.toString().getBytes(StandardCharsets.UTF_8); // not Base64: let it be judged as it is
        }
    }

    private static @Nullable JsonNode objectIn(byte[] line) {
        try {
            JsonNode tree = JSON.readTree(line);
            return tree != null && tree.isObject() ? tree : null;
        } catch (JsonProcessingException e) {
            return null;
        } catch (java.io.IOException e) {
            return null; // not UTF-8
        }
    }
}
