package io.tallystick.ingest.decode;

import static io.tallystick.ingest.decode.TestingMessages.binary;
import static io.tallystick.ingest.decode.TestingMessages.message;
import static io.tallystick.ingest.decode.TestingMessages.structured;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.ingest.decode.DataValues.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EventDecoderTest {

    private static final String TOKENS = "$.tokens";

    private static String text(DecodedEvent event) {
        assertThat(event.malformed()).isNull();
        return event.data().text(0);
    }

    @Test
    void readsAStructuredEventWithOrWithoutItsContentType() {
        for (TestingMessages message : new TestingMessages[] {
            structured("time", "\"2026-04-01T00:00:00Z\"", "idempotencykey", "\"k\""),
            structured("time", "\"2026-04-01T00:00:00Z\"", "idempotencykey", "\"k\"")
                    .header("Content-Type", "application/cloudevents+json; charset=UTF-8"),
        }) {
            DecodedEvent event = message.decode(TOKENS);

            assertThat(event.id()).isEqualTo("1");
            assertThat(event.source()).isEqualTo("/test");
            assertThat(event.type()).isEqualTo("tokens.used");
            assertThat(event.subject()).isEqualTo("acme");
            assertThat(event.time()).isEqualTo("2026-04-01T00:00:00Z");
            assertThat(event.idempotencyKey()).isEqualTo("k");
            assertThat(text(event)).isEqualTo("5");
        }
    }

    @Test
    void readsABinaryEventWithHeadersInAnyCase() {
        DecodedEvent event = message("{\"tokens\":5}")
                .header("CE_SpecVersion", "1.0")
                .header("Ce_Id", "1")
                .header("ce_SOURCE", "/test")
                .header("ce_type", "tokens.used")
                .header("CE_SUBJECT", "zürich")
                .header("CONTENT-TYPE", "application/vnd.acme+json; v=1")
                .decode(TOKENS);

        assertThat(event.subject()).isEqualTo("zürich");
        assertThat(text(event)).isEqualTo("5");
    }

    @Test
    void aStructuredContentTypeWinsOverBinaryHeaders() {
        DecodedEvent event = structured()
                .header("ce_id", "other")
                .header("content-type", "application/cloudevents+json")
                .decode(TOKENS);

        assertThat(event.id()).isEqualTo("1");
    }

    @Test
    void findsTheDataThatStandsBeforeItsType() {
        String json =
                "{\"data\":{\"tokens\":7},\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"tokens.used\"}";

        assertThat(text(message(json).decode(TOKENS))).isEqualTo("7");
    }

    @Test
    void readsBase64DataAsBytesOfTheSameContent() {
        assertThat(text(structured("data", null, "data_base64", "\"eyJ0b2tlbnMiOjl9\"")
                        .decode(TOKENS)))
                .isEqualTo("9");
        assertThat(structured("data", null, "data_base64", "\"%%\"")
                        .decode(TOKENS)
                        .malformed())
                .isEqualTo("data_base64 is not Base64");
        assertThat(structured("data_base64", "\"eyJ0b2tlbnMiOjl9\"")
                        .decode(TOKENS)
                        .malformed())
                .isEqualTo("data and data_base64 exclude each other");
    }

    @Test
    void skipsAByteOrderMark() {
        byte[] json = structured().value();
        byte[] marked = new byte[json.length + 3];
        marked[0] = (byte) 0xef;
        marked[1] = (byte) 0xbb;
        marked[2] = (byte) 0xbf;
        System.arraycopy(json, 0, marked, 3, json.length);

        assertThat(text(message(marked).decode(TOKENS))).isEqualTo("5");
    }

    @Test
    void refusesUtf16AndCutOffUtf8() {
        assertThat(message("{\"id\":\"x\"}".getBytes(StandardCharsets.UTF_16LE))
                        .decode(TOKENS)
                        .malformed())
                .startsWith("not JSON");
        byte[] cut = structured("subject", "\"zürich\"").value();
        int lead = indexOf(cut, (byte) 0xc3);
        byte[] broken = Arrays.copyOf(cut, lead + 1);
        assertThat(message(broken).decode(TOKENS).malformed()).startsWith("not JSON");
        cut[lead + 1] = '"';
        assertThat(message(cut).decode(TOKENS).malformed()).startsWith("not JSON");
    }

    private static int indexOf(byte[] bytes, byte searched) {
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == searched) {
                return at;
            }
        }
        throw new AssertionError("not there");
    }

    @Test
    void anAttributeGivenTwiceHasNoOneMeaning() {
        assertThat(message("{\"specversion\":\"1.0\",\"id\":\"1\",\"id\":\"1\"}")
                        .decode(TOKENS)
                        .malformed())
                .isEqualTo("attribute id is given twice");
        assertThat(binary("{}").header("CE_ID", "2").decode(TOKENS).malformed())
                .isEqualTo("attribute id is given twice");
        assertThat(message("{\"specversion\":\"1.0\",\"type\":\"tokens.used\",\"data\":{},\"data\":{}}")
                        .decode(TOKENS)
                        .malformed())
                .isEqualTo("data is given twice");
    }

    @Test
    void ofMembersWithOneNameInTheDataTheLastCounts() {
        DecodedEvent event =
                structured("data", "{\"a\":{\"x\":1,\"y\":2},\"a\":{\"y\":3}}").decode("$.a.x", "$.a.y");

        assertThat(event.data().kind(0)).isEqualTo(Kind.MISSING);
        assertThat(event.data().text(1)).isEqualTo("3");
    }

    @Test
    void findsNestedMembersAndElements() {
        DataPaths paths = TestingMessages.paths("$.a[1].b", "$['x y']", "$.a", "$.n", "$.t", "$.a[9]");
        DecodedEvent event = structured(
                        "data", "{\"a\":[{\"b\":0},{\"b\":\"deep\"}],\"x y\":true,\"n\":null,\"t\":1e3}")
                .decode(type -> paths);

        assertThat(event.data().text(0)).isEqualTo("deep");
        assertThat(event.data().kind(1)).isEqualTo(Kind.BOOLEAN);
        assertThat(event.data().kind(2)).isEqualTo(Kind.STRUCTURE);
        assertThat(event.data().kind(3)).isEqualTo(Kind.NULL);
        assertThat(event.data().text(4)).isEqualTo("1e3");
        assertThat(event.data().kind(5)).isEqualTo(Kind.MISSING);
    }

    @Test
    void refusesTombstonesEmptyValuesAndWhatIsNoObject() {
        assertThat(message((String) null).decode(TOKENS).malformed()).isEqualTo("the message is empty");
        assertThat(message("").decode(TOKENS).malformed()).isEqualTo("the message is empty");
        assertThat(message("   ").decode(TOKENS).malformed()).isEqualTo("not a JSON object");
        assertThat(message("[1]").decode(TOKENS).malformed()).isEqualTo("not a JSON object");
        assertThat(message("{}{}").decode(TOKENS).malformed()).contains("something follows");
    }

    @Test
    void aBinaryTombstoneIsAnEventWithoutData() {
        DecodedEvent event = binary(null).decode(TOKENS);

        assertThat(event.malformed()).isNull();
        assertThat(event.data().kind(0)).isEqualTo(Kind.MISSING);
    }

    @Test
    void refusesOtherVersionsBatchesAndFormats() {
        assertThat(structured("specversion", "\"0.3\"").decode(TOKENS).malformed())
                .isEqualTo("specversion is not 1.0");
        assertThat(structured("specversion", null).decode(TOKENS).malformed()).isEqualTo("specversion is missing");
        assertThat(structured("source", "\"\"").decode(TOKENS).malformed()).isEqualTo("source is missing");
        assertThat(structured("type", null).decode(TOKENS).malformed()).isEqualTo("type is missing");
        assertThat(message("[]")
                        .header("content-type", "application/cloudevents-batch+json")
                        .decode(TOKENS)
                        .malformed())
                .contains("batch");
        assertThat(message("x")
                        .header("content-type", "application/cloudevents+avro")
                        .decode(TOKENS)
                        .malformed())
                .contains("is not read");
    }

    @Test
    void attributesAreTextWithoutControlCharactersOrHalfPairs() {
        assertThat(structured("id", "5").decode(TOKENS).malformed()).isEqualTo("attribute id is not text");
        assertThat(structured("subject", "\"a\\u0000b\"").decode(TOKENS).malformed())
                .isEqualTo("attribute subject has a control character");
        assertThat(structured("subject", "\"\\ud83d\"").decode(TOKENS).malformed())
                .isEqualTo("attribute subject has half a surrogate pair");
        assertThat(structured("subject", "\"\\ud83d\\ude00\"").decode(TOKENS).subject())
                .isEqualTo("\ud83d\ude00");
        assertThat(binary("{}")
                        .header("ce_time", new byte[] {(byte) 0xc3})
                        .decode(TOKENS)
                        .malformed())
                .isEqualTo("header time is not UTF-8");
    }

    @Test
    void aSubjectHasALongestLength() {
        assertThat(structured("subject", "\"" + "s".repeat(1024) + "\"")
                        .decode(TOKENS)
                        .malformed())
                .isNull();
        assertThat(structured("subject", "\"" + "s".repeat(1025) + "\"")
                        .decode(TOKENS)
                        .malformed())
                .isNotNull();
    }

    @Test
    void anIdempotencyKeyMayBeAnIntegerOrABoolean() {
        assertThat(structured("idempotencykey", "17").decode(TOKENS).idempotencyKey())
                .isEqualTo("17");
        assertThat(structured("idempotencykey", "true").decode(TOKENS).idempotencyKey())
                .isEqualTo("true");
        assertThat(structured("idempotencykey", "{}").decode(TOKENS).malformed())
                .isEqualTo("attribute idempotencykey is not text");
        assertThat(structured("idempotencykey", "\"\"").decode(TOKENS).idempotencyKey())
                .isNull();
    }

    @Test
    void aTimeThatIsNoTextIsThereAndUnreadable() {
        assertThat(structured("time", "17").decode(TOKENS).time()).isEmpty();
        assertThat(structured("time", "null").decode(TOKENS).time()).isNull();
    }

    @Test
    void dataOfAnotherContentTypeCannotBeRead() {
        assertThat(binary("a,b")
                        .header("content-type", "text/csv")
                        .decode(TOKENS)
                        .data()
                        .unreadable())
                .contains("text/csv");
        assertThat(binary("{\"tokens\":").decode(TOKENS).data().unreadable()).startsWith("data is not JSON");
        assertThat(binary("a,b")
                        .header("content-type", "text/csv")
                        .decode()
                        .data()
                        .unreadable())
                .isNull();
    }

    @Test
    void nestingHasADeepestLevel() {
        String deep = "[".repeat(300) + "]".repeat(300);

        assertThat(structured("data", deep).decode(TOKENS).malformed()).startsWith("not JSON");
        assertThat(binary(deep).decode(TOKENS).data().unreadable()).startsWith("data is not JSON");
    }
}
