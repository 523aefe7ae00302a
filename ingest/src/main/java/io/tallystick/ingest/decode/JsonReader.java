package io.tallystick.ingest.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;

/** Opens JSON that nobody vouches for: UTF-8 only, everything bounded. */
public final class JsonReader {

    /** Deepest nesting of objects and arrays; nobody writes such an event by hand, and recursion elsewhere stays safe. */
    static final int DEPTH_MAX = 200;

    /** Longest text, number and name, in characters. */
    static final int TEXT_LENGTH_MAX = 8 << 20;

    private final JsonFactory factory = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxNumberLength(TEXT_LENGTH_MAX)
                    .maxStringLength(TEXT_LENGTH_MAX)
                    .maxNameLength(TEXT_LENGTH_MAX)
                    .build())
            // Some producers write NaN. That is no JSON, but where a meter reads it "this value is no number" says
            // more.
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    /** A parser in front of the first token; it skips a byte order mark. */
    public JsonParser open(byte[] json) throws IOException {
        return open(json, 0, json.length);
    }

    /** A parser in front of the first token of a part of {@code json}. */
    public JsonParser open(byte[] json, int offset, int length) throws IOException {
        // The parser would guess UTF-16 and UTF-32 by their zero bytes. JSON between systems is UTF-8.
        if ((length > 0 && json[offset] == 0) || (length > 1 && json[offset + 1] == 0)) {
            throw new IOException("not UTF-8");
        }
        if (length > 1 && (json[offset] & 0xff) >= 0xfe && (json[offset + 1] & 0xff) >= 0xfe) {
            throw new IOException("not UTF-8");
        }
        return factory.createParser(json, offset, length);
    }

    /** Whether a byte order mark is in front. */
    public static boolean hasByteOrderMark(byte[] json) {
        return json.length >= 3 && json[0] == (byte) 0xef && json[1] == (byte) 0xbb && json[2] == (byte) 0xbf;
    }

    /** Requires that nothing but white space follows. */
    static void requireEnd(JsonParser parser) throws IOException {
        JsonToken token = parser.nextToken();
        if (token != null) {
            throw new IOException("something follows the JSON value");
        }
    }
}
