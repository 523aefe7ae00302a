package io.tallystick.schemas.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.tallystick.schemas.value.DecimalText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads JSON into trees of JDK values. Numbers are exact and keep their scale; one past the limits of {@link DecimalText} stays text. */
final class JsonTrees {

    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonParser parser;
    private final TreeLimits limits = new TreeLimits();

    private JsonTrees(JsonParser parser) {
        this.parser = parser;
    }

    /** All values of the text, one behind the other; throws DocumentSyntaxException. */
    static List<@Nullable Object> read(String text) {
        List<@Nullable Object> trees = new ArrayList<>();
        try (JsonParser parser = FACTORY.createParser(text)) {
            JsonTrees reader = new JsonTrees(parser);
            while (parser.nextToken() != null) {
                trees.add(reader.value(1));
            }
            return trees;
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw new DocumentSyntaxException(
                    at == null ? 1 : at.getLineNr(),
                    at == null ? 1 : at.getColumnNr(),
                    firstLine(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // reading from memory
        }
    }

    private @Nullable Object value(int depth) throws IOException {
        JsonLocation at = parser.currentTokenLocation();
        limits.take(1, depth, at.getLineNr(), at.getColumnNr());
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> object(depth);
            case START_ARRAY -> array(depth);
            case VALUE_STRING -> TreeLimits.text(parser.getText(), at.getLineNr(), at.getColumnNr());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getText());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
                throw new IllegalStateException("a token that begins no value: " + token);
        };
    }

    private static Object number(String text) {
        Optional<BigDecimal> number = DecimalText.parse(text);
        return number.isPresent() ? number.get() : text;
    }

    private Map<String, @Nullable Object> object(int depth) throws IOException {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            JsonLocation at = parser.currentTokenLocation();
            String name = TreeLimits.text(parser.currentName(), at.getLineNr(), at.getColumnNr());
            if (object.containsKey(name)) {
                throw new DocumentSyntaxException(
                        at.getLineNr(), at.getColumnNr(), "the field \"" + name + "\" stands here twice");
            }
            parser.nextToken();
            object.put(name, value(depth + 1));
        }
        return object;
    }

    private List<@Nullable Object> array(int depth) throws IOException {
        List<@Nullable Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(depth + 1));
        }
        return array;
    }

    private static String firstLine(String message) {
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
