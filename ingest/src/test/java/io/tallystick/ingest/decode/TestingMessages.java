package io.tallystick.ingest.decode;

import io.tallystick.schemas.catalog.DataPath;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One message on its way to the decoder, and what is asked of its data. */
public final class TestingMessages {

    private final byte @Nullable [] value;
    private final List<Map.Entry<String, byte @Nullable []>> headers = new ArrayList<>();

    private TestingMessages(byte @Nullable [] value) {
        this.value = value == null ? null : value.clone();
    }

    public static TestingMessages message(@Nullable String value) {
        return new TestingMessages(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    public static TestingMessages message(byte[] value) {
        return new TestingMessages(value);
    }

    /** A whole structured event; {@code members} replace or add to what it has, as JSON text; null leaves one out. */
    public static TestingMessages structured(String... members) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("specversion", "\"1.0\"");
        all.put("id", "\"1\"");
        all.put("source", "\"/test\"");
        all.put("type", "\"tokens.used\"");
        all.put("subject", "\"acme\"");
        all.put("data", "{\"tokens\":5}");
        for (int at = 0; at < members.length; at += 2) {
            if (members[at + 1] == null) {
                all.remove(members[at]);
            } else {
                all.put(members[at], members[at + 1]);
            }
        }
        List<String> written = new ArrayList<>();
        all.forEach((name, value) -> written.add("\"" + name + "\":" + value));
        return message("{" + String.join(",", written) + "}");
    }

    public TestingMessages header(String name, String text) {
        return header(name, text.getBytes(StandardCharsets.UTF_8));
    }

    public TestingMessages header(String name, byte @Nullable [] bytes) {
        headers.add(new AbstractMap.SimpleEntry<>(name, bytes));
        return this;
    }

    /** The required attributes as headers. */
    static TestingMessages binary(@Nullable String data) {
        return message(data)
                .header("ce_specversion", "1.0")
                .header("ce_id", "1")
                .header("ce_source", "/test")
                .header("ce_type", "tokens.used")
                .header("ce_subject", "acme");
    }

    public byte @Nullable [] value() {
        return value == null ? null : value.clone();
    }

    public EventHeaders headers() {
        return visitor -> headers.forEach(header -> visitor.accept(header.getKey(), header.getValue()));
    }

    DecodedEvent decode(String... paths) {
        DataPaths tree = paths(paths);
        return decode(type -> type.equals("tokens.used") ? tree : null);
    }

    public DecodedEvent decode(EventTypes types) {
        return new EventDecoder().decode(value, headers(), types);
    }

    static DataPaths paths(String... paths) {
        return DataPaths.of(Arrays.stream(paths).map(DataPath::parse).toList());
    }
}
