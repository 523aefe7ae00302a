package io.tallystick.ingest.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.tallystick.ingest.backfill.Backfiller;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.value.CanonicalJson;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.InstantText;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** {@code POST /api/v1/meters/{meter}/backfill}: the next step of filling a meter that was added later. */
public final class BackfillRoutes {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int LIMIT_DEFAULT = 20_000;
    private static final int LIMIT_MAX = 100_000;

    private final Backfiller backfiller;
    private final Supplier<OptionalInt> revisionInForce;

    /** @param revisionInForce in every partition here; empty while nobody here knows */
    public BackfillRoutes(Backfiller backfiller, Supplier<OptionalInt> revisionInForce) {
        this.backfiller = backfiller;
        this.revisionInForce = revisionInForce;
    }

    public void addTo(RoutesConfig routes) {
        routes.post("/api/v1/meters/{meter}/backfill", this::backfill);
    }

    private void backfill(Context context) {
        JsonNode body = body(context);
        Instant from = from(body.path("from"));
        int limit = limit(body.path("limit"));
        int revision = revisionInForce
                .get()
                .orElseThrow(() -> RequestRefused.notReady("no partition's catalogue revision is known here yet", 2));
        String meter = context.pathParam("meter");
        Backfiller.Step step = backfiller.step(meter, revision, from, limit);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("meter", meter);
        answer.put("from", from.toString());
        answer.put("read", step.read());
        answer.put("filled", step.filled());
        answer.put("unreadable", step.unreadable());
        answer.put("examples", step.examples());
        answer.put("done", step.isDone());
        context.contentType("application/json").result(CanonicalJson.write(answer));
    }

    private static JsonNode body(Context context) {
        try {
            JsonNode body = JSON.readTree(context.body());
            if (body != null && body.isObject()) {
                return body;
            }
        } catch (JsonProcessingException e) {
            // said below
        }
        throw RequestRefused.badRequest("the body is a JSON object, as {\"from\":\"2026-04-01T00:00:00Z\"}");
    }

    private static Instant from(JsonNode from) {
        return InstantText.parse(from.asText(""))
                .filter(HourWindow::isWholeHour)
                .orElseThrow(() -> RequestRefused.badRequest(
                        "from is an RFC 3339 instant on a whole UTC hour, as 2026-04-01T00:00:00Z, not "
                                + (from.isMissingNode() ? "missing" : from)));
    }

    private static int limit(JsonNode limit) {
        if (limit.isMissingNode()) {
            return LIMIT_DEFAULT;
        }
        if (limit.isInt() && limit.intValue() >= 1 && limit.intValue() <= LIMIT_MAX) {
            return limit.intValue();
        }
        throw RequestRefused.badRequest("limit is a number from 1 to " + LIMIT_MAX + ", not " + limit);
    }
}
