package io.tallystick.deploy.verify.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.EventLog;
import io.tallystick.deploy.verify.TestingUp;
import io.tallystick.invoicer.delivery.DeliveryLifecycle;
import io.tallystick.invoicer.delivery.DeliveryState;
import io.tallystick.invoicer.provider.StripeApi;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.Delivery.Action;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What a worker leaves behind that died two days ago between asking Stripe and being answered: the note that it was about to ask, and at Stripe what it
 * asked for, under an identity that Stripe has forgotten since.
 */
final class LostAnswers implements AutoCloseable {

    private static final Duration AGO = Duration.ofDays(2);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final EventLog log;
    private final TestingProvider stripe;
    private final HttpClient http = HttpClient.newHttpClient();

    LostAnswers(String bootstrap, TestingProvider stripe) {
        this.log = new EventLog(bootstrap);
        this.stripe = stripe;
    }

    /** Of one invoice and one meter event, out of so many deliveries that wait. */
    void twoDaysAgo(int deliveries) {
        List<ConsumerRecord<byte[], byte[]>> waiting = Deadline.within(PATIENCE).await("all deliveries wait", () -> {
            List<ConsumerRecord<byte[], byte[]>> records = log.read(Topics::billingDeliveries);
            return records.size() == deliveries ? records : null;
        });
        assertThat(stripe.state().get("requests").intValue())
                .as("without a key")
                .isZero();
        stripe.advanceHours(Math.toIntExact(-AGO.toHours()));
        lose(waiting, Action.CREATE_INVOICE);
        lose(waiting, Action.METER_EVENT);
        stripe.advanceHours(Math.toIntExact(AGO.toHours()));
    }

    private void lose(List<ConsumerRecord<byte[], byte[]>> waiting, Action action) {
        ConsumerRecord<byte[], byte[]> record = waiting.stream()
                .filter(one -> TopicCodecs.DELIVERIES
                                .decode(one.value())
                                .steps()
                                .get(0)
                                .action()
                        == action)
                .findFirst()
                .orElseThrow();
        Delivery delivery = TopicCodecs.DELIVERIES.decode(record.value());
        DeliveryState state = DeliveryState.of(delivery);
        log.sendNow(new ProducerRecord<>(
                new Topics(Space.DEFAULT, TestingUp.PARTITIONS)
                        .billingReceipts()
                        .name(),
                record.partition(),
                delivery.tenant().getBytes(StandardCharsets.UTF_8),
                TopicCodecs.RECEIPTS.encode(
                        DeliveryLifecycle.begin(state, Instant.now().minus(AGO)))));
        HttpRequest request = HttpRequest.newBuilder(URI.create(stripe.url() + state.path()))
                .header("Authorization", "Bearer sk_test_1")
                .header("Stripe-Version", StripeApi.VERSION)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Idempotency-Key", state.key())
                .POST(BodyPublishers.ofString(state.body()))
                .build();
        try {
            assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        } catch (IOException e) {
            throw new AssertionError("the stand-in does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        log.close();
    }
}
