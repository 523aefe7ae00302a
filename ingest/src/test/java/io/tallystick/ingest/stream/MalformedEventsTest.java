package io.tallystick.ingest.stream;

import static io.tallystick.ingest.decode.TestingMessages.message;
import static io.tallystick.ingest.decode.TestingMessages.structured;
import static io.tallystick.ingest.stream.TestingIngest.HOME;
import static io.tallystick.ingest.stream.TestingIngest.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.ingest.acceptance.TestingMeters;
import io.tallystick.ingest.decode.BrokenMessages;
import io.tallystick.ingest.decode.TestingMessages;
import io.tallystick.schemas.event.BillingRequest.RevisionRequested;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Malformed envelopes through the whole topology: each has one outcome, none stops it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MalformedEventsTest {

    private static final int CASES = 5_000;
    private static final long SEED = Long.getLong("proof.seed", System.nanoTime() & 0xFFFF_FFFFL);
    private static final String ACCEPTED = "accepted";

    private static int ids;

    private TestingIngest ingest;

    @BeforeAll
    void start(@TempDir Path state) {
        ingest = new TestingIngest(state, TestingMeters.revision(1, TestingMeters.TOKENS));
        ingest.ask(new RevisionRequested(0, 1, "sha256:1"));
        ingest.accepted();
    }

    @AfterAll
    void stop() {
        ingest.close();
    }

    @Test
    void eachHasOneOutcomeAndTheNextGoodEventIsCounted() {
        System.out.println("malformed events: -Dproof.seed=" + SEED);
        BrokenMessages messages = new BrokenMessages(new Random(SEED));
        Counts before = ingest.counts();
        long good = 0;
        for (int i = 0; i < CASES; i++) {
            ingest.send(messages.next());
            if (i % 100 == 99) {
                ingest.send(structured("subject", "\"" + HOME + "\"", "id", "\"good-" + i + "\""));
                good++;
            }
        }

        Counts counts = ingest.counts();
        assertThat(outcomes(counts) - outcomes(before)).isEqualTo(CASES + good);
        assertThat(outcomes(counts)).isEqualTo(counts.read());
        assertThat(counts.received().read()).isEqualTo(counts.forwarded());
        assertThat(ingest.accepted().stream().filter(record -> record.tenant().equals(HOME)))
                .hasSize((int) good);
        List<TestRecord<byte[], byte[]>> dead = ingest.rejected();
        assertThat(dead)
                .hasSize((int) (rejected(counts) - rejected(before)))
                .hasSizeGreaterThan(CASES / 4)
                .allSatisfy(record -> {
                    assertThat(header(record, "tallystick-reason")).isNotBlank();
                    assertThat(header(record, "tallystick-detail")).isNotBlank();
                });
    }

    private static long outcomes(Counts counts) {
        return counts.accepted() + counts.duplicates() + counts.rejected() + counts.forwarded();
    }

    private static long rejected(Counts counts) {
        return counts.rejected() + counts.received().rejected();
    }

    static List<Arguments> malformed() {
        List<Arguments> cases = new ArrayList<>();
        byte[] euro = structured("subject", "\"" + HOME + "€\"").value();
        int inTheEuro = new String(euro, StandardCharsets.ISO_8859_1).indexOf('\u00e2') + 2;
        cases.add(
                Arguments.of("UTF-8 cut off at the end", message(Arrays.copyOf(euro, inTheEuro)), "not_a_cloud_event"));
        cases.add(Arguments.of("UTF-8 cut off inside", message(without(euro, inTheEuro)), "not_a_cloud_event"));
        byte[] truncatedInData = home("data", "{\"tokens\":\"1€\"}").value();
        int inTheData = new String(truncatedInData, StandardCharsets.ISO_8859_1).indexOf('\u00e2') + 1;
        cases.add(Arguments.of(
                "UTF-8 cut off in the data", message(without(truncatedInData, inTheData)), "not_a_cloud_event"));
        cases.add(Arguments.of("nesting at the limit", home("x", nested(199)), ACCEPTED));
        cases.add(Arguments.of("nesting over the limit", home("x", nested(200)), "not_a_cloud_event"));
        cases.add(Arguments.of("nesting without end", message("[".repeat(500_000)), "not_a_cloud_event"));
        cases.add(Arguments.of("number with 256 digits", tokens("9".repeat(256)), ACCEPTED));
        cases.add(Arguments.of("number with 257 digits", tokens("9".repeat(257)), "invalid_value"));
        cases.add(Arguments.of("number with a million digits", tokens("9".repeat(1_000_000)), "invalid_value"));
        cases.add(Arguments.of("exponent at the limit", tokens("1e255"), ACCEPTED));
        cases.add(Arguments.of("exponent over the limit", tokens("1e257"), "invalid_value"));
        cases.add(Arguments.of("exponent past every int", tokens("1e99999999999"), "invalid_value"));
        cases.add(Arguments.of("tiny number", tokens("1e-99999999999"), "invalid_value"));
        cases.add(Arguments.of("NaN", tokens("NaN"), "invalid_value"));
        cases.add(Arguments.of("text", tokens("\"many\""), "invalid_value"));
        cases.add(Arguments.of(
                "an attribute twice", home("time", "\"2026-04-20T12:00:00Z\",\"id\":\"2\""), "not_a_cloud_event"));
        cases.add(Arguments.of("data twice", home("data", "{\"tokens\":1},\"data\":{}"), "not_a_cloud_event"));
        cases.add(Arguments.of("a member of the data twice", tokens("1,\"tokens\":2"), ACCEPTED));
        cases.add(Arguments.of("a byte order mark", message("\ufeff" + text(home())), ACCEPTED));
        cases.add(Arguments.of("two byte order marks", message("\ufeff\ufeff" + text(home())), "not_a_cloud_event"));
        cases.add(
                Arguments.of("UTF-16", message(text(home()).getBytes(StandardCharsets.UTF_16LE)), "not_a_cloud_event"));
        for (String type : List.of(
                "application/cloudevents+xml", "application/cloudevents-batch+json", "application/cloudevents+avro")) {
            cases.add(Arguments.of(type, home().header("content-type", type), "not_a_cloud_event"));
        }
        cases.add(Arguments.of(
                "a type with parameters",
                home().header("Content-Type", "APPLICATION/CloudEvents+JSON ; x=y"),
                ACCEPTED));
        cases.add(
                Arguments.of("a plain type without attributes", home().header("content-type", "text/plain"), ACCEPTED));
        for (String type : List.of("text/xml", "application/avro", ";", "application/jsonx")) {
            TestingMessages binary = message("{\"tokens\":5}")
                    .header("ce_specversion", "1.0")
                    .header("ce_id", "case-" + ids++)
                    .header("ce_source", "/s")
                    .header("ce_type", "tokens.used")
                    .header("ce_subject", HOME)
                    .header("content-type", type);
            cases.add(Arguments.of("binary data of " + type, binary, type.equals(";") ? ACCEPTED : "invalid_value"));
        }
        cases.add(Arguments.of(
                "a header that is no UTF-8",
                home().header("content-type", new byte[] {(byte) 0xc3, 0x28}),
                "not_a_cloud_event"));
        return cases;
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("malformed")
    void isDecidedAsDocumented(String what, TestingMessages message, String outcome) {
        ingest.send(message);

        List<TestRecord<byte[], byte[]>> dead = ingest.rejected();
        if (outcome.equals(ACCEPTED)) {
            assertThat(dead).as(what).isEmpty();
            assertThat(ingest.accepted()).as(what).hasSize(1);
        } else {
            assertThat(dead).as(what).hasSize(1);
            assertThat(header(dead.get(0), "tallystick-reason")).isEqualTo(outcome);
            assertThat(dead.get(0).value()).isEqualTo(message.value());
        }
    }

    private static TestingMessages home(String... members) {
        String[] all = Arrays.copyOf(members, members.length + 4);
        all[members.length] = "subject";
        all[members.length + 1] = "\"" + HOME + "\"";
        all[members.length + 2] = "id";
        all[members.length + 3] = "\"case-" + ids++ + "\"";
        return structured(all);
    }

    private static TestingMessages tokens(String number) {
        return home("data", "{\"tokens\":" + number + "}");
    }

    private static String nested(int depth) {
        return "[".repeat(depth) + "]".repeat(depth);
    }

    private static String text(TestingMessages message) {
        return new String(message.value(), StandardCharsets.UTF_8);
    }

    private static byte[] without(byte[] bytes, int at) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, at);
        out.write(bytes, at + 1, bytes.length - at - 1);
        return out.toByteArray();
    }
}
