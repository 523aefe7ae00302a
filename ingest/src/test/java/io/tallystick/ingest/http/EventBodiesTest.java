package io.tallystick.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallystick.schemas.event.RequestRefused;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventBodiesTest {

    private static List<String> elements(String body) {
        return EventBodies.elements(body.getBytes(StandardCharsets.UTF_8)).stream()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void eachElementIsTheBytesThatWereSent() {
        assertThat(elements("[{\"a\":1.50},\n {\"b\": [\"]\", {\"ü\":\"}\"}]} ,{}]\n"))
                .containsExactly("{\"a\":1.50}", "{\"b\": [\"]\", {\"ü\":\"}\"}]}", "{}");
        assertThat(elements("\ufeff[ {\"a\":\"\ud83d\ude00\"} , {\"n\":1e3}]"))
                .containsExactly("{\"a\":\"\ud83d\ude00\"}", "{\"n\":1e3}");
        assertThat(elements("[]")).isEmpty();
    }

    @Test
    void whateverStandsInTheArrayIsAnElement() {
        assertThat(elements("[5,\"text\",null,[1]]")).hasSize(4);
        assertThat(elements("[null, {\"a\":1}]").get(1)).isEqualTo("{\"a\":1}");
    }

    @Test
    void bodiesLargerThanTheParsersBufferAreCutRightToo() {
        String large = "{\"a\":\"" + "ü".repeat(30_000) + "\"}";
        assertThat(elements("[" + large + ", " + large + ",{\"z\":1}]")).containsExactly(large, large, "{\"z\":1}");
    }

    @Test
    void whatIsNoArrayIsRefused() {
        for (String body : List.of("", "{}", "[", "[{}", "[{}] x", "[{]}", "[".repeat(300) + "]".repeat(300))) {
            assertThatThrownBy(() -> elements(body))
                    .as(body)
                    .isInstanceOfSatisfying(
                            RequestRefused.class,
                            refused -> assertThat(refused.status()).isEqualTo(400));
        }
    }

    @Test
    void anArrayIsToldFromAnObject() {
        assertThat(EventBodies.isArray(" [".getBytes(StandardCharsets.UTF_8))).isTrue();
        assertThat(EventBodies.isArray("{}".getBytes(StandardCharsets.UTF_8))).isFalse();
        assertThat(EventBodies.isArray(new byte[0])).isFalse();
    }
}
