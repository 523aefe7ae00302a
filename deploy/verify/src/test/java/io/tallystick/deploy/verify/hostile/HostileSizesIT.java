package io.tallystick.deploy.verify.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.EventLog;
import io.tallystick.deploy.verify.SharedUp;
import io.tallystick.deploy.verify.TestingUp;
import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Poison at every size limit, with every fault, in its tenant's partition and in another: each ends as a dead letter, whole up to the limit and as place
 * and hash beyond it, and the good event behind it is counted.
 */
@ExtendWith(SharedUp.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileSizesIT {

    private static final int LIMIT = 1 << 20;
    private static final String TENANT = "hostile-sizes";
    private static final int HOME = TenantPartitioner.partitionOf(TENANT, TestingUp.PARTITIONS);
    private static final int AWAY = (HOME + 1) % TestingUp.PARTITIONS;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TestingUp up;
    /** What was sent where, and the reason that it must be rejected for. */
    private final Map<Place, Sent> expected = new LinkedHashMap<>();

    private int good;

    @SuppressWarnings("ArrayRecordComponent") // bytes that nobody compares
    private record Sent(byte[] value, String reason) {}

    HostileSizesIT(TestingUp up) {
        this.up = up;
    }

    @BeforeAll
    void publishTheMeter() {
        up.service()
                .putCatalog("meters: [{meter: sized_units, eventType: sized.used, aggregation: sum, value: $.units}]")
                .ok();
    }

    @Test
    void everyFaultAtAndOverTheLimitIsADeadLetterAndTheNextEventIsCounted() throws Exception {
        try (Producer<byte[], byte[]> producer = producer("none")) {
            send(producer, HOME, event("first", "\"units\":0"), 0);
            for (Map.Entry<String, String> fault : faults().entrySet()) {
                for (int partition : new int[] {HOME, AWAY}) {
                    String reason = fault.getValue().replaceFirst("/.*", "");
                    byte[] atTheLimit = padded(fault.getKey().replace("ID", reason + partition), LIMIT);
                    byte[] overTheLimit = padded(fault.getKey().replace("ID", reason + partition), LIMIT + 1);
                    expected.put(send(producer, partition, atTheLimit, LIMIT), new Sent(atTheLimit, reason));
                    expected.put(send(producer, partition, overTheLimit, 0), new Sent(overTheLimit, "too_large"));
                    expected.put(send(producer, partition, atTheLimit, LIMIT + 1), new Sent(atTheLimit, "too_large"));
                    sendGood(producer);
                }
            }
            for (int partition : new int[] {HOME, AWAY}) {
                byte[] largest = padded(event("largest" + partition, "\"units\":5"), Topics.RECORD_BYTES_MAX);
                expected.put(send(producer, partition, largest, 0), new Sent(largest, "too_large"));
                byte[] allHeaders = event("headers" + partition, "\"units\":5").getBytes(StandardCharsets.UTF_8);
                expected.put(send(producer, partition, allHeaders, 7 << 20), new Sent(allHeaders, "too_large"));
                ProducerRecord<byte[], byte[]> manyHeaders = record(partition, allHeaders);
                for (int i = 0; i < 200_000; i++) {
                    manyHeaders.headers().add("", null);
                }
                expected.put(send(producer, manyHeaders), new Sent(allHeaders, "too_large"));
                sendGood(producer);
            }
        }
        // Compressed, a record passes the broker's limit that is many times as long.
        try (Producer<byte[], byte[]> producer = producer("lz4")) {
            byte[] blown = padded(event("blown", "\"units\":5"), 40 << 20);
            expected.put(send(producer, HOME, blown, 0), new Sent(blown, "too_large"));
            sendGood(producer);
        }

        up.service().awaitTotal("sized_units", TENANT, Integer.toString(good));
        try (EventLog log = new EventLog(up.bootstrap())) {
            Deadline.within(PATIENCE)
                    .await("every dead letter is there", () -> count(log) == expected.size() ? true : null);
            Map<String, AtomicInteger> reasons = new HashMap<>();
            log.forEach(Topics::usageRejected, letter -> {
                Sent sent = expected.get(placeOf(letter));
                if (sent != null) {
                    check(letter, sent);
                    reasons.computeIfAbsent(sent.reason(), reason -> new AtomicInteger())
                            .incrementAndGet();
                }
            });
            assertThat(reasons).hasSize(10); // every reason that there is
        }
    }

    private static void check(ConsumerRecord<byte[], byte[]> letter, Sent sent) {
        assertThat(EventLog.header(letter, "reason")).isEqualTo(sent.reason());
        if (sent.reason().equals("too_large")) {
            assertThat(letter.value()).isNull();
            assertThat(letter.key()).isNull();
            assertThat(EventLog.header(letter, "bytes")).isEqualTo(Integer.toString(sent.value().length));
            assertThat(EventLog.header(letter, "sha256")).isEqualTo(sha256(sent.value()));
        } else {
            assertThat(Arrays.equals(letter.value(), sent.value())).isTrue();
            assertThat(letter.key()).isEqualTo(TENANT.getBytes(StandardCharsets.UTF_8));
            assertThat(letter.headers().lastHeader("pad").value()).isNotEmpty();
        }
    }

    /** Events with each fault, and the reason; a slash keeps apart those of one reason. */
    private static Map<String, String> faults() {
        Map<String, String> faults = new LinkedHashMap<>();
        faults.put(event("ID", "\"units\":5").replace("\"specversion\":\"1.0\",", ""), "not_a_cloud_event");
        faults.put("{", "not_a_cloud_event/broken");
        faults.put(event("", "\"units\":5"), "missing_id");
        faults.put(event("ID", "\"units\":5").replace(TENANT, ""), "missing_subject");
        faults.put(timed("soon"), "invalid_time");
        faults.put(timed("1990-01-01T00:00:00Z"), "too_old");
        faults.put(timed(Instant.now().plus(Duration.ofHours(3)).toString()), "in_the_future");
        faults.put(event("ID", "\"units\":5").replace("sized.used", "sized.other"), "unknown_type");
        faults.put(event("ID", "\"units\":\"five\""), "invalid_value");
        faults.put(event("first", "\"units\":5"), "conflicting_duplicate");
        return faults;
    }

    private void sendGood(Producer<byte[], byte[]> producer) throws Exception {
        send(producer, HOME, event("good-" + good++, "\"units\":1"), 0);
    }

    private static Place send(Producer<byte[], byte[]> producer, int partition, String event, int besides)
            throws Exception {
        return send(producer, partition, event.getBytes(StandardCharsets.UTF_8), besides);
    }

    /** @param besides what key and headers together count, if they are to be of a certain size */
    private static Place send(Producer<byte[], byte[]> producer, int partition, byte[] event, int besides)
            throws Exception {
        ProducerRecord<byte[], byte[]> record = record(partition, event);
        if (besides > 0) {
            int rest = record.key().length + "pad".length() + 16; // a header counts sixteen bytes by itself
            record.headers().add("pad", new byte[besides - rest]);
        }
        return send(producer, record);
    }

    private static Place send(Producer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record)
            throws Exception {
        RecordMetadata metadata = producer.send(record).get();
        return new Place(metadata.partition(), metadata.offset());
    }

    private static ProducerRecord<byte[], byte[]> record(int partition, byte[] event) {
        return new ProducerRecord<>("usage.events", partition, TENANT.getBytes(StandardCharsets.UTF_8), event);
    }

    private Producer<byte[], byte[]> producer(String compression) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", up.bootstrap(),
                        "max.request.size", Integer.toString(64 << 20),
                        "buffer.memory", Integer.toString(96 << 20),
                        "compression.type", compression),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private long count(EventLog log) {
        List<Place> found = new ArrayList<>();
        log.forEach(Topics::usageRejected, letter -> {
            if (expected.containsKey(placeOf(letter))) {
                found.add(placeOf(letter));
            }
        });
        return found.size();
    }

    private static Place placeOf(ConsumerRecord<byte[], byte[]> letter) {
        return new Place(
                Integer.parseInt(EventLog.header(letter, "partition")),
                Long.parseLong(EventLog.header(letter, "offset")));
    }

    private static String event(String id, String data) {
        return "{\"specversion\":\"1.0\",\"type\":\"sized.used\",\"source\":\"s\",\"id\":\"" + id + "\",\"subject\":\""
                + TENANT + "\",\"data\":{" + data + "}}";
    }

    private static String timed(String time) {
        return event("ID", "\"units\":5").replace("\"source\"", "\"time\":\"" + time + "\",\"source\"");
    }

    /** With blanks behind it. */
    private static byte[] padded(String event, int length) {
        byte[] padded = Arrays.copyOf(event.getBytes(StandardCharsets.UTF_8), length);
        Arrays.fill(padded, event.getBytes(StandardCharsets.UTF_8).length, length, (byte) ' ');
        return padded;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
