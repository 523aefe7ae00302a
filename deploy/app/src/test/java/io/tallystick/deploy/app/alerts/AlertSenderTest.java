package io.tallystick.deploy.app.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.kafka.EmbeddedKafka;
import io.tallystick.deploy.app.kafka.Ports;
import io.tallystick.deploy.app.kafka.TopicCreation;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertSenderTest {

    private static final String OLD = secret(1);
    private static final String NEW = secret(2);
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    private static Path directory;

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(directory, Ports.free(), Duration.ofHours(1));
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void anAlertIsSentAgainUntilItIsTakenAndTheNextOnesOfItsTenantWait() throws Exception {
        Topics topics = topics("again");
        try (TestingReceiver receiver = new TestingReceiver(500, 429, -1, 302, 404);
                AlertSender sender = sender(topics, receiver.settings(OLD))) {
            sender.start();
            awaitGroup(topics);
            write(topics, alert("acme", "one"), alert("acme", "two"));

            await("both are taken", () -> receiver.taken().size() == 2);

            assertThat(receiver.taken()).containsExactly(id(topics, 0), id(topics, 1));
            assertThat(receiver.received).hasSize(7);
            assertThat(receiver.received.subList(0, 6))
                    .allSatisfy(each -> assertThat(each.id()).isEqualTo(id(topics, 0)))
                    .allSatisfy(each -> assertThat(each.body())
                            .isEqualTo(receiver.received.get(0).body()));
        }
    }

    @Test
    void everySecretSigns() throws Exception {
        Topics topics = topics("signed");
        try (TestingReceiver receiver = new TestingReceiver();
                AlertSender sender = sender(topics, receiver.settings(OLD, NEW))) {
            sender.start();
            awaitGroup(topics);
            write(topics, alert("acme", "héllo"));
            await("it is taken", () -> receiver.taken().size() == 1);

            TestingReceiver.Received one = receiver.received.get(0);
            assertThat(one.signatures()).containsExactly(signature(OLD, one), signature(NEW, one));
            assertThat(one.timestamp()).isCloseTo(Instant.now().getEpochSecond(), Offset.offset(60L));
            JsonNode body = new JsonMapper().readTree(one.body());
            assertThat(body).isEqualTo(new JsonMapper().readTree("""
                    {"type":"alert.limit_reached","timestamp":"2026-04-10T12:00:00Z","data":{"id":"%s",
                     "kind":"limit_reached","tenant":"acme","subscription":"acme-main",
                     "period":{"start":"2026-04-01T00:00:00Z","end":"2026-05-01T00:00:00Z"},"meter":null,"dimensions":{},
                     "currency":"USD","limit":"1000.00","spent":"800.10","span":"period","share":"0.8",
                     "blocked":false,"fallback":null,"message":"héllo"}}""".formatted(id(topics, 0))));
        }
    }

    @Test
    void whoComesBackGoesOnWhereItWas() throws Exception {
        Topics topics = topics("back");
        try (TestingReceiver receiver = new TestingReceiver();
                AlertSender sender = sender(topics, receiver.settings(OLD))) {
            sender.start();
            awaitGroup(topics);
            write(topics, alert("acme", "one"));
            await("it is taken", () -> receiver.taken().size() == 1);
        }
        write(topics, alert("acme", "two"), alert("acme", "three"));
        try (TestingReceiver refusing =
                        new TestingReceiver(Collections.nCopies(1000, 503).toArray(Integer[]::new));
                AlertSender sender = sender(topics, refusing.settings(OLD))) {
            sender.start();
            await("it was tried", () -> !refusing.received.isEmpty());
        }
        try (TestingReceiver receiver = new TestingReceiver();
                AlertSender sender = sender(topics, receiver.settings(OLD))) {
            sender.start();
            await("the others are taken", () -> receiver.taken().size() == 2);

            assertThat(receiver.taken()).containsExactly(id(topics, 1), id(topics, 2));
        }
    }

    @Test
    void wrongSettingsAreRefusedWithoutShowingThem() {
        assertThat(WebhookSettings.of(name -> null)).isEmpty();
        assertThat(WebhookSettings.of(Map.of("ALERT_WEBHOOK_URL", "https://a/b", "ALERT_WEBHOOK_SECRET", OLD)::get)
                        .orElseThrow()
                        .toString())
                .doesNotContain(OLD.substring(6));
        for (String secret : new HashSet<>(List.of("whsec_c2hvcnQ=", "hunter2hunter2hunter2hunter2", "whsec_%%%"))) {
            assertThatThrownBy(() -> WebhookSettings.of(
                            Map.of("ALERT_WEBHOOK_URL", "https://a/b", "ALERT_WEBHOOK_SECRET", secret)::get))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("ALERT_WEBHOOK_SECRET is not what it should be")
                    .hasMessageNotContaining(secret);
        }
        for (String url : List.of("ftp://a/b", "nowhere", "https:///x", "http://user:hunter2@[")) {
            assertThatThrownBy(() ->
                            WebhookSettings.of(Map.of("ALERT_WEBHOOK_URL", url, "ALERT_WEBHOOK_SECRET", OLD)::get))
                    .isInstanceOf(Failure.class)
                    .hasMessageNotContaining("hunter2");
        }
        assertThatThrownBy(() -> WebhookSettings.of(Map.of("ALERT_WEBHOOK_URL", "https://a/b")::get))
                .hasMessageContaining("but not ALERT_WEBHOOK_SECRET");
        assertThatThrownBy(() -> WebhookSettings.of(Map.of("ALERT_WEBHOOK_SECRET", OLD)::get))
                .hasMessageContaining("but not ALERT_WEBHOOK_URL");
    }

    private static Topics topics(String space) throws Exception {
        Topics topics = new Topics(new Space(space), 1);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            TopicCreation.create(
                    admin, List.of(new NewTopic(topics.billingAlerts().name(), 1, (short) 1)));
        }
        return topics;
    }

    private static AlertSender sender(Topics topics, WebhookSettings settings) {
        return new AlertSender(
                topics.billingAlerts(), () -> member(group(topics)), settings, new SimpleMeterRegistry());
    }

    private static String group(Topics topics) {
        return topics.space().applicationId("alert-webhook");
    }

    private static Consumer<String, byte[]> member(String group) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrap(),
                        "group.id",
                        group,
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "latest"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    /** What is written before a group exists is not for it. */
    private static void awaitGroup(Topics topics) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            await("the group has a position", () -> {
                try {
                    return !admin.listConsumerGroupOffsets(group(topics))
                            .partitionsToOffsetAndMetadata()
                            .get()
                            .isEmpty();
                } catch (Exception e) {
                    return false;
                }
            });
        }
    }

    private static void write(Topics topics, Alert... alerts) throws Exception {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap()), new StringSerializer(), new ByteArraySerializer())) {
            for (Alert alert : alerts) {
                producer.send(new ProducerRecord<>(
                                topics.billingAlerts().name(), alert.tenant(), TopicCodecs.ALERTS.encode(alert)))
                        .get();
            }
        }
    }

    private static Alert alert(String tenant, String message) {
        return new Alert(
                tenant,
                Alert.Kind.LIMIT_REACHED,
                "acme-main",
                new Period(Instant.parse("2026-04-01T00:00:00Z"), Instant.parse("2026-05-01T00:00:00Z")),
                null,
                Dimensions.NONE,
                Instant.parse("2026-04-10T12:00:00Z"),
                "USD",
                new BigDecimal("1000.00"),
                new BigDecimal("800.10"),
                message,
                new Alert.ReachedLimit(Alert.Span.PERIOD, new BigDecimal("0.8"), false, null));
    }

    private static String id(Topics topics, long offset) {
        return topics.billingAlerts().name() + "-0-" + offset;
    }

    private static String secret(int seed) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) seed);
        return "whsec_" + Base64.getEncoder().encodeToString(bytes);
    }

    /** As a receiver checks it. */
    private static String signature(String secret, TestingReceiver.Received received) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring(6)), "HmacSHA256"));
        String signed = received.id() + "." + received.timestamp() + "." + received.body();
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.onSpinWait();
            LockSupport.parkNanos(20_000_000);
        }
    }
}
