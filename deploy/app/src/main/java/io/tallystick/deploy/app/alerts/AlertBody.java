package io.tallystick.deploy.app.alerts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tallystick.schemas.event.Alert;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An alert as webhooks carry it: {@code type}, {@code timestamp} and {@code data}. Decimals are texts. */
final class AlertBody {

    private static final JsonMapper JSON = new JsonMapper();

    private AlertBody() {}

    static byte[] of(String id, Alert alert) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("id", id);
        data.put("kind", alert.kind().text());
        data.put("tenant", alert.tenant());
        data.put("subscription", alert.subscription().isEmpty() ? null : alert.subscription());
        data.put(
                "period",
                Map.of(
                        "start", alert.period().start().toString(),
                        "end", alert.period().end().toString()));
        data.put("meter", alert.meter());
        data.put("dimensions", alert.dimensions().values());
        data.put("currency", alert.currency());
        boolean limit = alert.kind() == Alert.Kind.LIMIT_REACHED;
        data.put(limit ? "limit" : "before", text(alert.before()));
        data.put(limit ? "spent" : "after", text(alert.after()));
        Alert.ReachedLimit reached = alert.limit();
        if (reached != null) {
            data.put("span", reached.span().text());
            data.put("share", text(reached.share()));
            data.put("blocked", reached.blocked());
            data.put("fallback", reached.fallback());
        }
        data.put("message", alert.message());
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("type", "alert." + alert.kind().text());
        body.put("timestamp", alert.at().toString());
        body.put("data", data);
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // maps and texts
        }
    }

    private static String text(BigDecimal value) {
        return value.toPlainString();
    }
}
