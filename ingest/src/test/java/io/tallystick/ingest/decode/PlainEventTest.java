package io.tallystick.ingest.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What it reads of an event is what a general parser reads, and what it does not read it leaves alone. */
class PlainEventTest {

    private static final int CASES = 200_000;
    private static final long SEED = Long.getLong("proof.seed", System.nanoTime() & 0xFFFF_FFFFL);

    private static final DataPaths PATHS =
            TestingMessages.paths("$.tokens", "$.model", "$.usage.input", "$.usage", "$.list[1].n", "$.list[0]", "$");
    private static final EventTypes TYPES = type -> type.equals("tokens.used") ? PATHS : null;

    private static final String[] NAMES = {
        "specversion",
        "id",
        "source",
        "type",
        "subject",
        "time",
        "idempotencykey",
        "datacontenttype",
        "extension",
        "data_base64"
    };
    private static final String[] TEXTS = {
        "1.0",
        "tokens.used",
        "other.type",
        "",
        "acme",
        "/a/b",
        "2026-04-01T00:00:00Z",
        "eyJ0b2tlbnMiOjl9",
        "x".repeat(70),
        "~ !#[]{},:"
    };
    private static final String[] ODD_TEXTS = {"\\n", "\\u0041", "\\ud800", "é", "\u007f", "\u0085", "\t", "\\"};
    private static final String[] NUMBERS = {
        "0",
        "-0",
        "7",
        "-12.50",
        "1e3",
        "1E-30",
        "0.1e+7",
        "9".repeat(40),
        "01",
        "-",
        "1.",
        ".5",
        "+1",
        "1e",
        "NaN",
        "-Infinity",
        "0x1"
    };
    private static final String[] WORDS = {"true", "false", "null", "5", "-7.25"};
    private static final String[] MEMBERS = {"tokens", "model", "usage", "input", "list", "n", "", "other", "\\u0061"};
    private static final String[] SPACES = {"", "", "", "", "", "", " ", "\n", "\t", "\r\n  ", "\u000b"};
    private static final String BYTES =
            "{}[]\",:\\ \t\n0123456789eE+-.truefalsn\u0000\u001f\u007f\u0080\u00c3\u00e9\u00ff";

    private final EventDecoder decoder = new EventDecoder();
    private final KnownTexts texts = new KnownTexts();

    @Test
    void readsWhatIsPlainlyWritten() throws MalformedEvent {
        for (String data : List.of(
                "{}",
                "[]",
                "5",
                "null",
                "\"text\"",
                "{\"tokens\":-12.50e+3,\"model\":\"m\",\"usage\":{\"input\":true},\"note\":\"anything\"}",
                " { \"list\" : [ {\"n\":1} , { \"n\" : null } ] , \"more\" : [ [ ] , { } ] } ",
                "{\"tokens\":1,\"tokens\":{}}")) {
            byte[] json =
                    bytes(TestingMessages.structured("data", data, "time", "\"2026-04-01T00:00:00Z\"", "x", "[1]"));

            DecodedEvent plain = PlainEvent.read(json, TYPES, texts);

            assertThat(plain).as(data).isNotNull();
            assertThat(shown(plain)).isEqualTo(shown(decoder.parsed(json, TYPES)));
        }
    }

    @Test
    void leavesEverythingElseAlone() throws MalformedEvent {
        for (String json : List.of(
                "",
                "[]",
                "{}",
                "\ufeff{\"id\":\"1\"}",
                "{\"id\":\"1\"} x",
                "{\"id\":\"1\"}\u00ff",
                "{\"id\":\"1\",}",
                "{\"id\":\"1\",\"id\":\"1\"}",
                "{\"id\":1}",
                "{\"id\":null}",
                "{\"id\":\"a\\u0041\"}",
                "{\"id\":\"é\"}",
                "{\"id\":\"\u007f\"}",
                "{\"data\":{},\"type\":\"tokens.used\"}",
                "{\"type\":\"tokens.used\",\"data\":1,\"data\":1}",
                "{\"data_base64\":\"eyJ9\"}",
                "{\"x\":" + "[".repeat(40) + "]".repeat(40) + "}",
                "{\"x\":01}",
                "{\"x\":NaN}",
                "{\"x\":truE}",
                "{\"id\":\"1")) {
            assertThat(PlainEvent.read(json.getBytes(UTF_8), TYPES, texts))
                    .as(json)
                    .isNull();
        }
    }

    @Test
    void leavesTheParsersLimitsToTheParser() throws MalformedEvent {
        String number = "7".repeat(JsonReader.TEXT_LENGTH_MAX);
        byte[] json = bytes(TestingMessages.structured("x", number));

        assertThat(PlainEvent.read(json, TYPES, texts)).isNull();
    }

    @Test
    void refusesAsTheParserDoesWhereAnEnvelopeIsNotWhole() {
        byte[] json = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\"}".getBytes(UTF_8);

        assertThatThrownBy(() -> PlainEvent.read(json, TYPES, texts))
                .isInstanceOfSatisfying(
                        MalformedEvent.class,
                        malformed -> assertThat(malformed.detail()).isEqualTo("type is missing"));
    }

    @Test
    void readsOfAnyBytesWhatTheParserReads() {
        System.out.println("plain events: -Dproof.seed=" + SEED);
        Random random = new Random(SEED);
        int plain = 0;
        int notPlain = 0;
        for (int at = 0; at < CASES; at++) {
            byte[] json = event(random);
            if (random.nextInt(3) == 0) {
                json = broken(random, json);
            }
            String read = plainly(json);
            if (read == null) {
                notPlain++;
            } else {
                plain++;
                assertThat(read).as(new String(json, ISO_8859_1)).isEqualTo(byParser(json));
            }
        }
        assertThat(plain).isGreaterThan(CASES / 10);
        assertThat(notPlain).isGreaterThan(CASES / 5);
    }

    private @Nullable String plainly(byte[] json) {
        try {
            DecodedEvent event = PlainEvent.read(json, TYPES, texts);
            return event == null ? null : shown(event);
        } catch (MalformedEvent e) {
            return e.detail();
        }
    }

    private String byParser(byte[] json) {
        try {
            return shown(decoder.parsed(json, TYPES));
        } catch (MalformedEvent e) {
            return e.detail();
        }
    }

    private static String shown(@Nullable DecodedEvent event) {
        if (event == null) {
            return "none";
        }
        List<Object> parts = new ArrayList<>(Arrays.asList(
                event.malformed(),
                event.id(),
                event.source(),
                event.type(),
                event.subject(),
                event.time(),
                event.instant(),
                event.idempotencyKey(),
                event.data().unreadable()));
        if (event.type().equals("tokens.used")) {
            for (int slot = 0; slot < PATHS.size(); slot++) {
                parts.add(event.data().kind(slot) + " " + event.data().text(slot));
            }
        }
        return parts.toString();
    }

    private static byte[] bytes(TestingMessages message) {
        byte[] value = message.value();
        assertThat(value).isNotNull();
        return value == null ? new byte[0] : value;
    }

    // ---- events of any kind

    private static byte[] event(Random random) {
        List<String> members = new ArrayList<>();
        members.add("\"specversion\":\"1.0\"");
        members.add("\"id\":\"e-" + random.nextInt(1000) + "\"");
        members.add("\"source\":\"/test\"");
        members.add("\"type\":\"tokens.used\"");
        members.add("\"data\":" + value(random, 0));
        for (int more = random.nextInt(4); more > 0; more--) {
            String name = one(random, NAMES);
            members.add("\"" + name + "\":"
                    + (random.nextInt(4) == 0 ? value(random, 1) : "\"" + one(random, TEXTS) + "\""));
        }
        if (random.nextInt(4) == 0) {
            Collections.shuffle(members, random);
        }
        if (random.nextInt(8) == 0) {
            members.remove(random.nextInt(members.size()));
        }
        return ("{" + String.join(one(random, SPACES) + "," + one(random, SPACES), members) + "}" + one(random, SPACES))
                .getBytes(UTF_8);
    }

    private static String value(Random random, int depth) {
        return switch (random.nextInt(depth > 3 ? 4 : 7)) {
            case 0 -> one(random, NUMBERS);
            case 1 -> one(random, WORDS);
            case 2 -> "\"" + one(random, random.nextInt(12) == 0 ? ODD_TEXTS : TEXTS) + "\"";
            case 3 -> String.valueOf(random.nextInt(1000));
            case 4 -> array(random, depth);
            default -> object(random, depth);
        };
    }

    private static String array(Random random, int depth) {
        List<String> elements = new ArrayList<>();
        for (int count = random.nextInt(3); count > 0; count--) {
            elements.add(one(random, SPACES) + value(random, depth + 1));
        }
        return "[" + String.join(",", elements) + one(random, SPACES) + "]";
    }

    private static String object(Random random, int depth) {
        List<String> members = new ArrayList<>();
        for (int count = random.nextInt(4); count > 0; count--) {
            members.add("\"" + one(random, MEMBERS) + "\"" + one(random, SPACES) + ":" + one(random, SPACES)
                    + value(random, depth + 1));
        }
        return "{" + String.join(",", members) + one(random, SPACES) + "}";
    }

    private static byte[] broken(Random random, byte[] json) {
        byte[] broken = json.clone();
        for (int times = 1 + random.nextInt(2); times > 0 && broken.length > 0; times--) {
            int at = random.nextInt(broken.length);
            byte one = (byte) BYTES.charAt(random.nextInt(BYTES.length()));
            switch (random.nextInt(4)) {
                case 0 -> broken[at] = one;
                case 1 -> broken = Arrays.copyOf(broken, at);
                case 2 -> {
                    byte[] longer = Arrays.copyOf(broken, broken.length + 1);
                    System.arraycopy(broken, at, longer, at + 1, broken.length - at);
                    longer[at] = one;
                    broken = longer;
                }
                default -> {
                    System.arraycopy(broken, at + 1, broken, at, broken.length - at - 1);
                    broken = Arrays.copyOf(broken, broken.length - 1);
                }
            }
        }
        return broken;
    }

    private static String one(Random random, String[] of) {
        return of[random.nextInt(of.length)];
    }
}
