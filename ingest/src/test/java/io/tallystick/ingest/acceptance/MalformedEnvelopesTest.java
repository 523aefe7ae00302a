package io.tallystick.ingest.acceptance;

import static io.tallystick.ingest.acceptance.TestingMeters.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.ingest.decode.DecodedEvent;
import io.tallystick.ingest.decode.EventDecoder;
import io.tallystick.ingest.decode.EventHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A bounded number of broken messages: each is accepted or rejected with a reason, and nothing is ever thrown. */
class MalformedEnvelopesTest {

    private static final int CASES = 30_000;
    private static final long SEED = Long.getLong("proof.seed", System.nanoTime() & 0xFFFF_FFFFL);

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

    @Test
    void isAcceptedOrRejectedWithAReason() {
        System.out.println("malformed envelopes: -Dproof.seed=" + SEED);
        Random random = new Random(SEED);
        RevisionRules rules = TestingMeters.rules(1, TOKENS);
        EventDecoder decoder = new EventDecoder();
        Acceptance acceptance = new Acceptance();
        long now = 1_776_686_400_000L;
        Map<Reason, Integer> reasons = new EnumMap<>(Reason.class);
        int accepted = 0;
        for (int i = 0; i < CASES; i++) {
            byte[] value = random.nextInt(50) == 0 ? null : bytes(random);
            EventHeaders headers = headers(random);
            DecodedEvent event = decoder.decode(value, headers, rules);
            Decision decision = acceptance.decide(event, rules, now, now);
            if (decision instanceof Rejection rejection) {
                assertThat(rejection.detail()).isNotBlank().hasSizeLessThan(1000);
                reasons.merge(rejection.reason(), 1, Integer::sum);
            } else {
                accepted++;
            }
        }
        assertThat(accepted).isPositive();
        assertThat(reasons)
                .containsKeys(
                        Reason.NOT_A_CLOUD_EVENT,
                        Reason.MISSING_SUBJECT,
                        Reason.INVALID_TIME,
                        Reason.UNKNOWN_TYPE,
                        Reason.INVALID_VALUE);
    }

    private static byte[] bytes(Random random) {
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

    private static EventHeaders headers(Random random) {
        List<Map.Entry<String, byte[]>> headers = new ArrayList<>();
        if (random.nextInt(3) == 0) {
            for (String[] whole : new String[][] {
                {"ce_specversion", "1.0"},
                {"ce_id", "1"},
                {"ce_source", "/s"},
                {"ce_type", "tokens.used"},
                {"ce_subject", "acme"}
            }) {
                if (random.nextInt(8) != 0) {
                    headers.add(Map.entry(whole[0], whole[1].getBytes(StandardCharsets.UTF_8)));
                }
            }
        }
        for (int more = random.nextInt(3); more > 0 && random.nextBoolean(); more--) {
            byte[] value = HEADER_VALUES[random.nextInt(HEADER_VALUES.length)].getBytes(StandardCharsets.UTF_8);
            if (value.length > 0 && random.nextInt(6) == 0) {
                value[random.nextInt(value.length)] = (byte) random.nextInt(256);
            }
            headers.add(Map.entry(HEADERS[random.nextInt(HEADERS.length)], value));
        }
        boolean withNull = random.nextInt(20) == 0;
        return visitor -> {
            headers.forEach(header -> visitor.accept(header.getKey(), header.getValue()));
            if (withNull) {
                visitor.accept("ce_time", null);
                visitor.accept("content-type", null);
            }
        };
    }
}
