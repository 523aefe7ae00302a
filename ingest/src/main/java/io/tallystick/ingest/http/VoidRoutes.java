package io.tallystick.ingest.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.tallystick.ingest.acceptance.Acceptance;
import io.tallystick.ingest.voiding.EventVoider;
import io.tallystick.schemas.event.EventVoided;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Reading;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.value.CanonicalJson;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/v1/tenants/{tenant}/events/void}: an accepted event shall count no more. */
public final class VoidRoutes {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int REASON_CHARS_MAX = 1024;
    private static final Set<String> MEMBERS = Set.of("source", "id", "idempotencyKey", "reason");

    private final EventVoider voider;

    public VoidRoutes(EventVoider voider) {
        this.voider = voider;
    }

    public void addTo(RoutesConfig routes) {
        routes.post("/api/v1/tenants/{tenant}/events/void", this::voidEvent);
    }

    private void voidEvent(Context context) {
        String tenant = context.pathParam("tenant");
        JsonNode body = body(context);
        @Nullable String source = text(body, "source");
        @Nullable String id = text(body, "id");
        @Nullable String key = text(body, "idempotencyKey");
        String reason = reason(body);
        if (key == null ? source == null || id == null : source != null || id != null) {
            throw RequestRefused.badRequest(
                    "name the event by source and id, or by idempotencyKey if it was sent with one");
        }
        Identity identity = new Acceptance().identity(tenant, key, String.valueOf(source), String.valueOf(id));
        String named = key == null ? "source " + source + " and id " + id : "idempotency key " + key;
        EventVoided voided = voider.voidEvent(tenant, identity, named, reason);
        context.contentType("application/json").result(CanonicalJson.write(answer(voided)));
    }

    private static Map<String, Object> answer(EventVoided voided) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("tenant", voided.tenant());
        answer.put("time", Instant.ofEpochMilli(voided.time()).toString());
        Map<String, Object> place = new LinkedHashMap<>();
        place.put("partition", voided.place().partition());
        place.put("offset", voided.place().offset());
        answer.put("place", place);
        answer.put("event", voided.event());
        answer.put("sequence", voided.sequence());
        TreeSet<String> meters = new TreeSet<>();
        voided.readings().stream().map(Reading::meter).forEach(meters::add);
        answer.put("meters", meters.stream().toList());
        answer.put("reason", voided.reason());
        return answer;
    }

    private static JsonNode body(Context context) {
        try {
            JsonNode body = JSON.readTree(context.body());
            if (body != null && body.isObject()) {
                body.fieldNames().forEachRemaining(name -> {
                    if (!MEMBERS.contains(name)) {
                        throw RequestRefused.badRequest("'" + name + "' is none of " + new TreeSet<>(MEMBERS));
                    }
                });
                return body;
            }
        } catch (JsonProcessingException e) {
            // said below
        }
        throw RequestRefused.badRequest(
                "the body is a JSON object, as {\"source\":\"api\",\"id\":\"42\",\"reason\":\"sent twice\"}");
    }

    private static String reason(JsonNode body) {
        String reason = text(body, "reason");
        if (reason == null || reason.isBlank() || reason.length() > REASON_CHARS_MAX) {
            throw RequestRefused.badRequest(
                    "reason says why, in 1 to " + REASON_CHARS_MAX + " characters: it is kept with the void");
        }
        return reason;
    }

    private static @Nullable String text(JsonNode body, String name) {
        JsonNode node = body.path(name);
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.isTextual() || node.textValue().isEmpty()) {
            throw RequestRefused.badRequest(name + " is a text that is not empty, not " + node);
        }
        return node.textValue();
    }
}
