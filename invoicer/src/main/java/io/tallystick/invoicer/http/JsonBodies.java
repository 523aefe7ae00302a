package io.tallystick.invoicer.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import io.tallystick.schemas.catalog.CatalogError;
import io.tallystick.schemas.event.RequestRefused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON in requests and answers. */
final class JsonBodies {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonBodies() {}

    /** Answers with a tree of maps, lists and texts, its members in the order they have. */
    static void write(Context context, int status, Map<String, @Nullable Object> tree) {
        try {
            context.status(status).contentType("application/json").result(JSON.writeValueAsBytes(tree));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The request's body, an object; empty when there is no body. */
    static Optional<JsonNode> readOptional(Context context) {
        byte[] body = context.bodyAsBytes();
        return body.length == 0 ? Optional.empty() : Optional.of(read(body));
    }

    /** The request's body, an object. */
    static JsonNode read(Context context) {
        return read(context.bodyAsBytes());
    }

    /** 422 for a member that does not hold what it should. */
    static RequestRefused invalid(String path, String message) {
        return new RequestRefused(
                422, "Unprocessable content", path + " " + message, List.of(new CatalogError(path, message)), 0);
    }

    private static JsonNode read(byte[] body) {
        try {
            JsonNode tree = JSON.readTree(body);
            if (!tree.isObject()) {
                throw RequestRefused.badRequest("the body is a JSON object");
            }
            return tree;
        } catch (IOException e) {
            throw RequestRefused.badRequest("the body is not JSON");
        }
    }
}
