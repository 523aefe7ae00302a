package io.tallystick.ingest.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tallystick.ingest.decode.DataValues.Kind;
import java.io.IOException;

/** Walks through one JSON value and keeps what stands at the asked paths. Of members with one name the last counts, as nearly every JSON reader has it. */
final class DataReader {

    private DataReader() {}

    /** Reads the value that {@code parser} stands on, and leaves the parser on its last token. */
    static void read(JsonParser parser, DataPaths.Node node, DataValues values) throws IOException {
        JsonToken token = parser.currentToken();
        if (node.slot >= 0) {
            keep(parser, token, node.slot, values);
        }
        if (token == JsonToken.START_OBJECT) {
            readMembers(parser, node, values);
        } else if (token == JsonToken.START_ARRAY) {
            readElements(parser, node, values);
        }
    }

    private static void readMembers(JsonParser parser, DataPaths.Node node, DataValues values) throws IOException {
        if (node.members.isEmpty()) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            DataPaths.Node member = node.member(parser.currentName());
            parser.nextToken();
            if (member == null) {
                parser.skipChildren();
            } else {
                values.clear(member.below);
                read(parser, member, values);
            }
        }
    }

    private static void readElements(JsonParser parser, DataPaths.Node node, DataValues values) throws IOException {
        if (node.elements.isEmpty()) {
            parser.skipChildren();
            return;
        }
        for (int index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
            DataPaths.Node element = node.element(index);
            if (element == null) {
                parser.skipChildren();
            } else {
                read(parser, element, values);
            }
        }
    }

    private static void keep(JsonParser parser, JsonToken token, int slot, DataValues values) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            String text = parser.getText();
            values.put(slot, Unicode.isWellFormed(text) ? Kind.TEXT : Kind.NOT_UNICODE, text);
        } else if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
            values.put(slot, Kind.NUMBER, parser.getText());
        } else if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
            values.put(slot, Kind.BOOLEAN, parser.getText());
        } else if (token == JsonToken.VALUE_NULL) {
            values.put(slot, Kind.NULL, "");
        } else {
            values.put(slot, Kind.STRUCTURE, "");
        }
    }
}
