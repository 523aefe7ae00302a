package io.tallystick.ingest.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tallystick.ingest.decode.JsonReader;
import io.tallystick.schemas.event.RequestRefused;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts a body of JSON into its events: each as the very bytes that were sent, since a number written anew may not be the same number. */
final class EventBodies {

    /** More than the bytes of a body allow of real events; eight megabytes of "0," are four million of none. */
    static final int EVENTS_MAX = 100_000;

    private static final JsonReader JSON = new JsonReader();

    private EventBodies() {}

    /** Whether the body is an array. */
    static boolean isArray(byte[] body) {
        try (JsonParser parser = JSON.open(body)) {
            return parser.nextToken() == JsonToken.START_ARRAY;
        } catch (IOException e) {
            return false; // what is no JSON is refused as a single event
        }
    }

    /** The elements of an array, whatever they are; 400 when the body is no JSON array, 413 when they are too many. */
    static List<byte[]> elements(byte[] body) {
        byte[] json = JsonReader.hasByteOrderMark(body) ? Arrays.copyOfRange(body, 3, body.length) : body;
        try (JsonParser parser = JSON.open(json)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw RequestRefused.badRequest("a batch is a JSON array of events");
            }
            List<byte[]> elements = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (elements.size() == EVENTS_MAX) {
                    throw new RequestRefused(
                            413,
                            "Content too large",
                            "the batch has more than " + EVENTS_MAX + " events; send smaller batches");
                }
                int start = (int) parser.currentTokenLocation().getByteOffset();
                if (parser.currentToken().isStructStart()) {
                    parser.skipChildren();
                } else {
                    parser.finishToken();
                }
                int end = (int) parser.currentLocation().getByteOffset();
                elements.add(Arrays.copyOfRange(json, start, end));
            }
            if (parser.nextToken() != null) {
                throw RequestRefused.badRequest("something follows the array of events");
            }
            return elements;
        } catch (JacksonException e) {
            throw RequestRefused.badRequest("the body is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw RequestRefused.badRequest("the body is not JSON: " + e.getMessage());
        }
    }
}
