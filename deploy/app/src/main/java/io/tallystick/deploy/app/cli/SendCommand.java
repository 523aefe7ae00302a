package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.deploy.app.Failure;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code send}: CloudEvents to the input topic, as a producer would. */
@Command(
        name = "send",
        description = "Send CloudEvents, one JSON object a line, to the input topic as a producer would.",
        mixinStandardHelpOptions = true)
final class SendCommand extends ServiceCommand {

    private static final int REACHED_WITHIN_MS = 10_000;
    private static final int ACKNOWLEDGED_WITHIN_MS = 60_000;

    enum Mode {
        STRUCTURED,
        BINARY
    }

    enum Key {
        SUBJECT,
        NONE
    }

    @Parameters(paramLabel = "FILE", description = "JSON lines; - for standard input.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    @Option(
            names = "--mode",
            paramLabel = "structured|binary",
            defaultValue = "structured",
            description = "The CloudEvents content mode (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Mode mode;

    @Option(
            names = "--key",
            paramLabel = "subject|none",
            defaultValue = "subject",
            description = "The records' key (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Key key;

    @Option(names = "--kafka", paramLabel = "BOOTSTRAP", description = "The cluster (default: asked of --url).")
    private @Nullable String kafka;

    @Option(names = "--space", paramLabel = "S", description = "The space, with --kafka (default: default).")
    private @Nullable String space;

    @Override
    void run(ServiceClient client, PrintWriter out, PrintWriter err) {
        LogOptions.requireSpaceOfCluster(kafka, space);
        // First, so that a wrong name is told as that, whether a service runs or not.
        try (InputStream lines = new BufferedInputStream(Inputs.open(file), 1 << 16)) {
            run(client, lines, out, err);
        } catch (IOException e) {
            throw Inputs.unreadable(file, e);
        }
    }

    private void run(ServiceClient client, InputStream lines, PrintWriter out, PrintWriter err) throws IOException {
        String bootstrap;
        String topic;
        if (kafka == null) {
            JsonNode info = client.get("/api/v1/info", Map.of());
            bootstrap = info.path("kafka").asText();
            topic = info.path("events").asText();
        } else {
            bootstrap = kafka;
            topic = new Topics(space == null ? Space.DEFAULT : new Space(space), 1)
                    .usageEvents()
                    .name();
        }
        Sent sent = send(bootstrap, topic, lines, err);
        out.println("sent " + sent.records + " events to " + topic + " at " + bootstrap
                + (sent.odd == 0 ? "" : ", " + sent.odd + " of them no JSON objects"));
    }

    private record Sent(long records, long odd) {}

    private Sent send(String bootstrap, String topic, InputStream lines, PrintWriter err) throws IOException {
        AtomicLong acknowledged = new AtomicLong();
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        long records = 0;
        long odd = 0;
        try (KafkaProducer<byte[], byte[]> producer = producer(bootstrap);
                Progress progress = new Progress(err, "sent", 0)) {
            producer.partitionsFor(topic); // fails here when there is no such topic, or no cluster
            byte[] line;
            while ((line = Inputs.nextLine(lines)) != null && failure.get() == null) {
                EventLine event = new EventLine(line);
                odd += event.isObject() ? 0 : 1;
                boolean isKeyed = key == Key.SUBJECT;
                Future<RecordMetadata> unused = producer.send(
                        mode == Mode.BINARY ? event.binary(topic, isKeyed) : event.structured(topic, isKeyed),
                        (metadata, e) -> {
                            if (e == null) {
                                acknowledged.incrementAndGet();
                            } else {
                                failure.compareAndSet(null, e);
                            }
                        });
                records++;
                progress.at(acknowledged.get());
            }
            producer.flush();
        } catch (KafkaException e) {
            throw unreachable(bootstrap, e);
        }
        Exception failed = failure.get();
        if (failed != null) {
            String what = acknowledged.get() + " of " + records + " events were acknowledged by " + bootstrap
                    + ", then one was not (" + failed.getMessage() + ")";
            if (failed instanceof org.apache.kafka.common.errors.RecordTooLargeException) {
                throw Failure.wrongInput(what, "send events of at most " + Topics.RECORD_BYTES_MAX + " bytes", failed);
            }
            throw Failure.unreachable(what, "send them again: what has arrived is counted once", failed);
        }
        return new Sent(records, odd);
    }

    private static Failure unreachable(String bootstrap, KafkaException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return Failure.unreachable(
                "the Kafka cluster " + bootstrap + " does not take events (" + cause.getMessage() + ")",
                "check that it runs and that --kafka names it",
                e);
    }

    private static KafkaProducer<byte[], byte[]> producer(String bootstrap) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("acks", "all");
        settings.put("enable.idempotence", true);
        settings.put("compression.type", "lz4");
        settings.put("linger.ms", 20);
        settings.put("batch.size", 128 << 10);
        settings.put("buffer.memory", 64 << 20);
        settings.put("max.request.size", Topics.RECORD_BYTES_MAX + Topics.RECORD_OVERHEAD_BYTES);
        settings.put("max.block.ms", REACHED_WITHIN_MS);
        settings.put("request.timeout.ms", REACHED_WITHIN_MS);
        settings.put("delivery.timeout.ms", ACKNOWLEDGED_WITHIN_MS);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
