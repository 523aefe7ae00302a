package io.tallystick.deploy.app.role;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.config.RoutesConfig;
import io.tallystick.schemas.topic.Topics;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code GET /api/v1/info}: where this process's Kafka is and what it runs; producers are told by it where to send. */
final class InfoRoutes {

    private final byte[] answer;

    InfoRoutes(Topics topics, String bootstrap, Collection<Role> roles) {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("product", "tallystick");
        info.put("space", topics.space().name());
        info.put("kafka", bootstrap);
        info.put("partitions", topics.partitions());
        info.put("events", topics.usageEvents().name());
        info.put("roles", roles.stream().map(Role::text).toList());
        try {
            answer = new JsonMapper().writeValueAsBytes(info);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // a tree of texts and numbers always has a JSON form
        }
    }

    void addTo(RoutesConfig routes) {
        routes.get(
                "/api/v1/info",
                context -> context.contentType("application/json").result(answer));
    }
}
