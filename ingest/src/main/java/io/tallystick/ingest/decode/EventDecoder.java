package io.tallystick.ingest.decode;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads CloudEvents 1.0 as they stand on Kafka, in structured and in binary content mode, in one pass and without a tree:
 * the envelope attributes, and of the data what {@link EventTypes} asks for. {@link PlainEvent} reads what is plainly written;
 * everything else a JSON parser does, in a second pass too when the type comes behind the data.
 *
 * <p>A content type {@code application/cloudevents+json} means structured. Otherwise one of the required {@code ce_}
 * headers, in any case, means binary. A message with neither is taken as structured too: plain producers send JSON without
 * headers. Safe for any number of threads.
 */
public final class EventDecoder {

    private static final String STRUCTURED = "application/cloudevents";
    private static final String BATCH = "application/cloudevents-batch";

    private final JsonReader json = new JsonReader();
    private final KnownTexts texts = new KnownTexts();

    /** Never throws on account of the message. */
    public DecodedEvent decode(byte @Nullable [] value, EventHeaders headers, EventTypes types) {
        try {
            BinaryHeaders binary = BinaryHeaders.of(headers);
            if (binary.isPlainlyStructured()) {
                return structured(value, types);
            }
            String contentType = mediaType(binary.contentType());
            if (contentType.startsWith(BATCH)) {
                throw new MalformedEvent("a batch is for HTTP; on the topic each event is a record");
            }
            if (contentType.startsWith(STRUCTURED)) {
                if (!contentType.equals(STRUCTURED) && !contentType.equals(STRUCTURED + "+json")) {
                    throw new MalformedEvent(
                            "the event format of content type " + firstLine(contentType) + " is not read");
                }
                return structured(value, types);
            }
            return binary.isBinary() ? binary(value, binary, types) : structured(value, types);
        } catch (MalformedEvent e) {
            return DecodedEvent.malformed(e.detail());
        }
    }

    private DecodedEvent binary(byte @Nullable [] value, BinaryHeaders headers, EventTypes types)
            throws MalformedEvent {
        Attributes attributes = headers.toAttributes();
        DataPaths paths = attributes.type() == null ? null : types.pathsOf(attributes.type());
        DataValues data = paths == null ? DataValues.NONE : dataOf(value, headers.contentType(), paths);
        return attributes.toEvent(data);
    }

    private DecodedEvent structured(byte @Nullable [] value, EventTypes types) throws MalformedEvent {
        if (value == null || value.length == 0) {
            throw new MalformedEvent("the message is empty");
        }
        DecodedEvent plain = PlainEvent.read(value, types, texts);
        return plain == null ? parsed(value, types) : plain;
    }

    /** As any structured event can be read, plainly written or not. */
    DecodedEvent parsed(byte[] value, EventTypes types) throws MalformedEvent {
        try {
            StructuredEvent event = new StructuredEvent(types, null);
            try (JsonParser parser = json.open(value)) {
                event.read(parser);
            }
            DataPaths paths = event.typeCameLate();
            if (paths != null) {
                try (JsonParser parser = json.open(value)) {
                    event = new StructuredEvent(types, paths);
                    event.read(parser);
                }
            }
            DataValues data = event.data();
            byte @Nullable [] encoded = event.decodedBase64();
            if (encoded != null && event.paths() != null) {
                data = dataOf(encoded, event.attributes().contentType(), event.paths());
            }
            return event.attributes().toEvent(data);
        } catch (JacksonException e) {
            throw new MalformedEvent("not JSON: " + firstLine(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new MalformedEvent("not JSON: " + firstLine(e.getMessage()));
        } catch (RuntimeException e) {
            // The bytes are anybody's; a fault of the parser over them must not stop the partition for everybody.
            throw new MalformedEvent("not readable as JSON: " + e.getClass().getSimpleName());
        }
    }

    /** Data that is given as bytes of its own: the value in binary mode, {@code data_base64} in structured mode. */
    private DataValues dataOf(byte @Nullable [] bytes, @Nullable String contentType, DataPaths paths) {
        if (bytes == null || bytes.length == 0 || paths.size() == 0) {
            return DataValues.missing(paths.size());
        }
        String mediaType = mediaType(contentType);
        if (!mediaType.isEmpty() && !isJson(mediaType)) {
            return DataValues.unreadable(paths.size(), "data of content type " + firstLine(mediaType) + " is not read");
        }
        try (JsonParser parser = json.open(bytes)) {
            DataValues values = DataValues.missing(paths.size());
            if (parser.nextToken() == null) {
                return values;
            }
            DataReader.read(parser, paths.root(), values);
            JsonReader.requireEnd(parser);
            return values;
        } catch (JacksonException e) {
            return DataValues.unreadable(paths.size(), "data is not JSON: " + firstLine(e.getOriginalMessage()));
        } catch (IOException e) {
            return DataValues.unreadable(paths.size(), "data is not JSON: " + firstLine(e.getMessage()));
        } catch (RuntimeException e) {
            return DataValues.unreadable(
                    paths.size(),
                    "data is not readable as JSON: " + e.getClass().getSimpleName());
        }
    }

    private static boolean isJson(String mediaType) {
        return mediaType.equals("application/json") || mediaType.equals("text/json") || mediaType.endsWith("+json");
    }

    /** Without parameters, in lower case; "" when there is none. */
    private static String mediaType(@Nullable String contentType) {
        if (contentType == null) {
            return "";
        }
        int parameters = contentType.indexOf(';');
        String mediaType = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return mediaType.strip().toLowerCase(Locale.ROOT);
    }

    /** Parser messages and content types may be of any length and over several lines; a header wants one short line. */
    private static String firstLine(@Nullable String message) {
        if (message == null) {
            return "malformed";
        }
        int end = message.indexOf('\n');
        String line = end < 0 ? message : message.substring(0, end);
        return line.length() <= 200 ? line : line.substring(0, 200);
    }

    /** One pass over a structured event. */
    private static final class StructuredEvent {

        private final EventTypes types;
        private final Attributes attributes = new Attributes();
        private @Nullable DataPaths paths;
        private DataValues data = DataValues.NONE;
        private boolean hasData;
        private boolean dataWasSkipped;
        private @Nullable String base64;

        /** @param paths null when they are to be found by the type */
        StructuredEvent(EventTypes types, @Nullable DataPaths paths) {
            this.types = types;
            this.paths = paths;
        }

        void read(JsonParser parser) throws IOException, MalformedEvent {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedEvent("not a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                if (name.equals("data")) {
                    readData(parser);
                } else if (name.equals("data_base64")) {
                    readBase64(parser, token);
                } else {
                    int attribute = token == JsonToken.VALUE_NULL ? Attributes.UNREAD : Attributes.of(name);
                    if (attribute == Attributes.UNREAD) {
                        parser.skipChildren();
                    } else {
                        readAttribute(parser, attribute, token);
                    }
                }
            }
            JsonReader.requireEnd(parser);
            if (hasData && base64 != null) {
                throw new MalformedEvent("data and data_base64 exclude each other");
            }
            if (paths != null && !hasData) {
                data = DataValues.missing(paths.size());
            }
        }

        private void readAttribute(JsonParser parser, int attribute, JsonToken token)
                throws IOException, MalformedEvent {
            if (token == JsonToken.VALUE_STRING) {
                attributes.put(attribute, parser.getText());
            } else if (attribute == Attributes.TIME) {
                attributes.put(attribute, "");
                parser.skipChildren();
            } else if (attribute == Attributes.IDEMPOTENCY_KEY && isScalarExtension(token)) {
                attributes.put(attribute, parser.getText());
            } else {
                throw new MalformedEvent("attribute " + Attributes.name(attribute) + " is not text");
            }
            if (attribute == Attributes.TYPE && paths == null) {
                paths = types.pathsOf(Objects.requireNonNull(attributes.type()));
            }
        }

        /** Extension attributes may be integers and booleans too; in binary mode the same value is its text. */
        private static boolean isScalarExtension(JsonToken token) {
            return token == JsonToken.VALUE_NUMBER_INT || token.isBoolean();
        }

        private void readData(JsonParser parser) throws IOException, MalformedEvent {
            if (hasData) {
                throw new MalformedEvent("data is given twice");
            }
            hasData = true;
            if (paths == null) {
                dataWasSkipped = attributes.type() == null;
                parser.skipChildren();
            } else {
                data = DataValues.missing(paths.size());
                DataReader.read(parser, paths.root(), data);
            }
        }

        private void readBase64(JsonParser parser, JsonToken token) throws IOException, MalformedEvent {
            if (token == JsonToken.VALUE_NULL) {
                return;
            }
            if (token != JsonToken.VALUE_STRING || base64 != null) {
                throw new MalformedEvent("data_base64 is not one text");
            }
            base64 = parser.getText();
        }

        /** The paths of a type that came behind the data, which was skipped because of that; else null. */
        @Nullable
        DataPaths typeCameLate() {
            return dataWasSkipped && paths != null && paths.size() > 0 ? paths : null;
        }

        Attributes attributes() {
            return attributes;
        }

        @Nullable
        DataPaths paths() {
            return paths;
        }

        DataValues data() {
            return data;
        }

        byte @Nullable [] decodedBase64() throws MalformedEvent {
            if (base64 == null) {
                return null;
            }
            try {
                return Base64.getDecoder().decode(base64);
            } catch (IllegalArgumentException e) {
                throw new MalformedEvent("data_base64 is not Base64");
            }
        }
    }
}
