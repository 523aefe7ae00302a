package io.tallystick.deploy.verify.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.deploy.verify.EventLog;
import io.tallystick.deploy.verify.Service;
import io.tallystick.deploy.verify.SharedUp;
import io.tallystick.deploy.verify.TestingUp;
import io.tallystick.schemas.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Requests that cannot be met: a problem that says what is wrong and where, and nothing published. */
@ExtendWith(SharedUp.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileRequestsIT {

    private static final String ONE = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";

    private final TestingUp up;

    HostileRequestsIT(TestingUp up) {
        this.up = up;
    }

    @BeforeAll
    void publishTheMeter() {
        up.service()
                .putCatalog(
                        "meters: [{meter: request_units, eventType: request.used, aggregation: sum, value: $.units}]")
                .ok();
    }

    @Test
    void badEventsAreRefusedAndNothingIsPublished() {
        long before = events();

        problem(post(ONE, "{not json"), 400);
        problem(post(ONE, ""), 400);
        problem(post(ONE, event("1").replace("\"id\":\"1\",", "")), 400);
        problem(post(ONE, event("1").replace("\"source\":\"s\",", "\"source\":\"s\",\"time\":\"yesterday\",")), 400);
        problem(post(BATCH, "{}"), 400);
        problem(post("text/plain", event("1")), 415);
        JsonNode batch =
                problem(post(BATCH, "[" + event("1") + "," + event("2").replace("\"type\"", "\"kind\"") + "]"), 400);
        assertThat(batch.get("errors").get(0).get("path").textValue()).contains("1");
        assertThat(batch.get("errors").get(0).get("message").textValue()).contains("type");

        assertThat(events()).isEqualTo(before);
    }

    @Test
    void eventsAndBodiesOverTheirLimitsAreRefused() {
        long before = events();

        problem(post(ONE, padded(1 << 20)), 413);
        problem(post(ONE, padded(9 << 20)), 413);
        List<String> batch = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            batch.add(padded(1_000_000));
        }
        problem(post(BATCH, "[" + String.join(",", batch) + "]"), 413);

        assertThat(events()).isEqualTo(before);
    }

    @Test
    void goodEventsInEveryFormAreAnsweredWhenTheyAreStored() {
        long before = events();

        assertThat(post(ONE, event("one")).ok().json().get("accepted").intValue())
                .isEqualTo(1);
        assertThat(post(BATCH, "[" + event("two") + "," + event("three") + "]")
                        .ok()
                        .json()
                        .get("accepted")
                        .intValue())
                .isEqualTo(2);
        assertThat(post("application/json", event("four")).ok().status()).isEqualTo(202);
        assertThat(up.service()
                        .send(up.service()
                                .request("/api/v1/events")
                                .header("Content-Type", "application/json")
                                .header("ce-specversion", "1.0")
                                .header("ce-type", "request.used")
                                .header("ce-source", "s")
                                .header("ce-id", "five")
                                .header("ce-subject", "request-tenant")
                                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("{\"units\":1}")))
                        .status())
                .isEqualTo(202);

        assertThat(events()).isEqualTo(before + 5);
        up.service().awaitTotal("request_units", "request-tenant", "5");
    }

    @Test
    void aBrokenCatalogueIsRefusedWithEveryError() {
        JsonNode refused = problem(up.service().putCatalog("""
                                meters:
                                  - {meter: Broken Name, eventType: x, aggregation: sum, value: $.v}
                                  - {meter: broken_kind, eventType: x, aggregation: sometimes}
                                pricing:
                                  - version: broken_v1
                                    effectiveFrom: "2026-04-01T00:30:00Z"
                                    currency: XYZW
                                    plans:
                                      - plan: broken
                                        charges:
                                          - {charge: a, model: unit, meter: no_such_meter, unitPrice: "cheap"}
                                """), 422);

        List<String> paths = new ArrayList<>();
        refused.get("errors").forEach(error -> paths.add(error.get("path").textValue()));
        assertThat(paths)
                .contains(
                        "meters[0].meter",
                        "meters[1].aggregation",
                        "pricing[0].effectiveFrom",
                        "pricing[0].currency",
                        "pricing[0].plans[0].charges[0].meter",
                        "pricing[0].plans[0].charges[0].unitPrice");
        problem(up.service().putCatalog("meters: ["), 422);
        assertThat(up.service().get("/api/v1/catalog").text()).doesNotContain("broken");
    }

    @Test
    void questionsThatCannotBeAnsweredAreRefused() {
        Service service = up.service();

        problem(service.get("/api/v1/meters/request_units/query"), 400);
        problem(service.get("/api/v1/meters/request_units/query?subject=a&from=2026-04-01T00:30:00Z"), 400);
        problem(service.get("/api/v1/meters/request_units/query?subject=a&windowSize=MINUTE"), 400);
        problem(service.get("/api/v1/meters/no_such_meter/query?subject=a"), 404);
        problem(service.get("/api/v1/invoices/no-such-invoice"), 404);
        problem(service.get("/api/v1/nothing"), 404);
        problem(service.post("/api/v1/periods/close", "application/json", "{\"through\":\"soon\"}"), 422);
        problem(
                service.post("/api/v1/periods/close", "application/json", "{\"through\":\"2026-05-01T00:30:00Z\"}"),
                422);
    }

    private Service.Answer post(String contentType, String body) {
        return up.service().post("/api/v1/events", contentType, body);
    }

    private long events() {
        try (EventLog log = new EventLog(up.bootstrap())) {
            return log.read(Topics::usageEvents).size();
        }
    }

    private static JsonNode problem(Service.Answer answer, int status) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        JsonNode problem = answer.json();
        assertThat(problem.get("status").intValue()).isEqualTo(status);
        assertThat(problem.get("title").textValue()).isNotEmpty();
        assertThat(problem.get("detail").textValue()).isNotEmpty();
        assertThat(problem.has("type")).isTrue();
        return problem;
    }

    private static String event(String id) {
        return """
                {"specversion":"1.0","type":"request.used","source":"s","id":"%s","subject":"request-tenant","data":{"units":1}}""".formatted(id);
    }

    private static String padded(int length) {
        return event("padded").replace("\"units\":1", "\"units\":1,\"padding\":\"" + "x".repeat(length) + "\"");
    }
}
