package io.tallystick.ingest.decode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Messages that began as good events and were broken at random: cut, spliced, with wrong bytes and headers. */
public final class BrokenMessages {

    private static final String[] FRAGMENTS = {
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "null",
        "true",
        "NaN",
        "-",
        "1e999999999",
        "0".repeat(400),
        "\\ud800",
        "\\u0000",
        "\"data\":",
        "\"id\":\"1\",",
        "\"id\":1,",
        "\"subject\":\"\",",
        "\"time\":\"2026-04-20T12:00:00Z\",",
        "\"time\":5,",
        "\"specversion\":\"0.3\",",
        "\"type\":\"tokens.used\",",
        "\"data_base64\":\"eyJ9\",",
        "\"datacontenttype\":\"text/xml\",",
        "{\"tokens\":\"5\"}",
        "{\"tokens\":{\"a\":[]}}",
        "[".repeat(250),
        "\ufeff",
        "é",
        "\ud83d\ude00",
        "//",
        "\n\t "
    };

    private static final String[] HEADERS = {
        "ce_id",
        "CE_ID",
        "ce_type",
        "ce_source",
        "ce_specversion",
        "ce_subject",
        "ce_time",
        "ce_datacontenttype",
        "content-type",
        "Content-Type",
        "ce_",
        "ce_idempotencykey",
        "tallystick-reason",
        ""
    };

    private static final String[] HEADER_VALUES = {
        "1.0",
        "1",
        "",
        "tokens.used",
        "acme",
        "application/json",
        "application/cloudevents+json",
        "application/cloudevents-batch+json",
        "application/cloudevents",
        "text/plain;;",
        ";",
        "2026-04-20T12:00:00Z",
        "\u0000",
        "\ud83d\ude00",
        "a".repeat(2000)
    };

    private final Random random;

    public BrokenMessages(Random random) {
        this.random = random;
    }

    public TestingMessages next() {
        TestingMessages message =
                random.nextInt(50) == 0 ? TestingMessages.message((String) null) : TestingMessages.message(bytes());
        addHeaders(message);
        return message;
    }

    private byte[] bytes() {
        String whole =
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/test\",\"type\":\"tokens.used\",\"subject\":\"ac€me\","
                        + "\"time\":\"2026-04-20T12:00:00Z\",\"data\":{\"tokens\":5,\"more\":[1,{\"a\":\"b\"}]}}";
        StringBuilder text = new StringBuilder(whole);
        for (int edits = random.nextInt(4); edits > 0; edits--) {
            int at = random.nextInt(text.length() + 1);
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
                case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(30)));
                case 2 -> {
                    int colon = text.indexOf(":", at);
                    if (colon >= 0) {
                        text.insert(colon + 1, FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
                    }
                }
                default -> {
                    int quote = text.indexOf("\"", at);
                    if (quote >= 0) {
                        text.insert(quote + 1, "x");
                    }
                }
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0 && random.nextInt(3) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(5) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
    }

    private void addHeaders(TestingMessages message) {
        if (random.nextInt(3) == 0) {
            for (String[] whole : new String[][] {
                {"ce_specversion", "1.0"},
                {"ce_id", "1"},
                {"ce_source", "/s"},
                {"ce_type", "tokens.used"},
                {"ce_subject", "acme"}
            }) {
                if (random.nextInt(8) != 0) {
                    message.header(whole[0], whole[1]);
                }
            }
        }
        for (int more = random.nextInt(3); more > 0 && random.nextBoolean(); more--) {
            byte[] value = HEADER_VALUES[random.nextInt(HEADER_VALUES.length)].getBytes(StandardCharsets.UTF_8);
            if (value.length > 0 && random.nextInt(6) == 0) {
                value[random.nextInt(value.length)] = (byte) random.nextInt(256);
            }
            message.header(HEADERS[random.nextInt(HEADERS.length)], value);
        }
        if (random.nextInt(20) == 0) {
            message.header("ce_time", (byte[]) null);
            message.header("content-type", (byte[]) null);
        }
    }
}
