package io.tallystick.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Publishing where nobody takes anything. */
class EventPublisherTest {

    private static final IncomingEvent EVENT = IncomingEvent.of(
            List.of(),
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/t\",\"type\":\"t\",\"subject\":\"acme\"}"
                    .getBytes(StandardCharsets.UTF_8));

    private static EventPublisher toNowhere() {
        return new EventPublisher(new Topics(Space.DEFAULT, 12), Map.of("bootstrap.servers", "127.0.0.1:1"));
    }

    @Test
    @Timeout(60)
    void brokersThatCannotBeReachedAreToldOnceHoweverManyEventsWait() {
        try (EventPublisher publisher = toNowhere()) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> publisher.publish(Collections.nCopies(1000, EVENT)))
                    .isInstanceOfSatisfying(RequestRefused.class, EventPublisherTest::saysWhenToComeBack);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        }
    }

    @Test
    void aPublisherThatIsClosedSaysSo() {
        EventPublisher publisher = toNowhere();
        publisher.close();

        assertThatThrownBy(() -> publisher.publish(List.of(EVENT)))
                .isInstanceOfSatisfying(RequestRefused.class, EventPublisherTest::saysWhenToComeBack);
    }

    private static void saysWhenToComeBack(RequestRefused refused) {
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.retryAfterSeconds()).hasValue(1);
    }
}
