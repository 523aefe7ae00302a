package io.tallystick.ingest.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.tallystick.ingest.acceptance.Reason;
import io.tallystick.ingest.redrive.Redriver;
import io.tallystick.ingest.redrive.RejectedEvent;
import io.tallystick.ingest.redrive.RejectedEvents;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.value.CanonicalJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/v1/rejected} and {@code POST /api/v1/rejected/redrive}. */
public final class RejectedRoutes {

    private static final int LIMIT_DEFAULT = 100;

    private final RejectedEvents rejected;
    private final Redriver redriver;
    private final Supplier<OptionalInt> revisionInForce;

    /** @param revisionInForce in every partition here; empty while nobody here knows */
    public RejectedRoutes(RejectedEvents rejected, Redriver redriver, Supplier<OptionalInt> revisionInForce) {
        this.rejected = rejected;
        this.redriver = redriver;
        this.revisionInForce = revisionInForce;
    }

    public void addTo(RoutesConfig routes) {
        routes.get("/api/v1/rejected", this::list);
        routes.post("/api/v1/rejected/redrive", this::redrive);
    }

    private void list(Context context) {
        List<Map<String, Object>> data = new ArrayList<>();
        for (RejectedEvent event : rejected.newest(limit(context), reason(context))) {
            data.add(tree(event));
        }
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("data", data);
        answer.put("next", null);
        context.contentType("application/json").result(CanonicalJson.write(answer));
    }

    private void redrive(Context context) {
        int revision = revisionInForce
                .get()
                .orElseThrow(() -> RequestRefused.notReady("no partition's catalogue revision is known here yet", 2));
        Redriver.Outcome outcome = redriver.redrive(revision);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("catalogRevision", revision);
        answer.put("sent", outcome.sent());
        answer.put("skipped", outcome.skipped());
        context.contentType("application/json").result(CanonicalJson.write(answer));
    }

    private static int limit(Context context) {
        String asked = context.queryParam("limit");
        try {
            int limit = asked == null ? LIMIT_DEFAULT : Integer.parseInt(asked);
            if (limit >= 1 && limit <= RejectedEvents.LIMIT_MAX) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw RequestRefused.badRequest("limit is a number from 1 to " + RejectedEvents.LIMIT_MAX + ", not " + asked);
    }

    private static @Nullable String reason(Context context) {
        String asked = context.queryParam("reason");
        if (asked != null
                && Arrays.stream(Reason.values())
                        .noneMatch(reason -> reason.text().equals(asked))) {
            throw RequestRefused.badRequest("reason is one of "
                    + Arrays.stream(Reason.values()).map(Reason::text).collect(Collectors.joining(", ")) + ", not "
                    + asked);
        }
        return asked;
    }

    private static Map<String, Object> tree(RejectedEvent event) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("reason", event.reason());
        tree.put("detail", event.detail());
        tree.put("topic", event.topic());
        tree.put("partition", event.partition());
        tree.put("offset", event.offset());
        tree.put("timestamp", Instant.ofEpochMilli(event.timestamp()).toString());
        tree.put("revision", event.revision());
        tree.put("arrived", Instant.ofEpochMilli(event.arrivedAt()).toString());
        tree.put("bytes", event.bytes());
        return tree;
    }
}
