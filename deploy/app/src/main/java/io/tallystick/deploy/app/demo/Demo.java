package io.tallystick.deploy.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.cli.InvoiceText;
import io.tallystick.deploy.app.cli.ServiceClient;
import io.tallystick.deploy.app.cli.Table;
import io.tallystick.deploy.app.demo.DemoEvents.DemoEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The sample month on a running service, used as anyone would use it: Kafka for the events, HTTP for the rest. */
public final class Demo {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long LOOK_EVERY_MS = 100;

    private final ServiceClient service;
    private final String bootstrap;
    private final String topic;
    private final Consumer<String> progress;

    /**
     * @param topic that usage events go to
     * @param progress told what is going on
     */
    public Demo(ServiceClient service, String bootstrap, String topic, Consumer<String> progress) {
        this.service = service;
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.progress = progress;
    }

    /** Applies the sample catalogue, sends the month, closes it, and prints what came of it. */
    public void run(long seed, PrintWriter out) throws InterruptedException {
        progress.accept("applying the sample catalogue");
        service.put("/api/v1/catalog", "application/yaml", catalog());
        List<DemoEvent> events = DemoEvents.of(seed);
        progress.accept("sending " + events.size() + " events of April 2026");
        DemoSender.send(events, topic, bootstrap);
        JsonNode counts = awaitDecided(events.size());
        printCounts(counts, seed, out);

        progress.accept("closing April 2026");
        JsonNode closing = service.post("/api/v1/periods/close", Map.of("through", DemoEvents.MONTH_END.toString()))
                .path("closing");
        for (JsonNode invoice : awaitInvoices(closing.size())) {
            out.println();
            InvoiceText.print(invoice, out);
        }
        out.flush();
    }

    private static byte[] catalog() {
        try (InputStream yaml = Objects.requireNonNull(Demo.class.getResourceAsStream("sample-catalog.yaml"))) {
            return yaml.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until ingest has given every event its outcome. */
    private JsonNode awaitDecided(int sent) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            JsonNode partitions =
                    service.get("/api/v1/ingest/accounting", Map.of()).path("partitions");
            long read = sum(partitions, "read");
            boolean arrived = sum(partitions, "forwarded") == sumReceived(partitions, "read");
            progress.accept("decided " + read + " of " + sent + " events");
            if (read >= sent && arrived) {
                return partitions;
            }
            await(deadline, "ingest has decided " + read + " of " + sent + " events");
        }
    }

    private JsonNode awaitInvoices(int expected) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            JsonNode invoices =
                    service.get("/api/v1/invoices", Map.of("period", "2026-04")).path("data");
            progress.accept("closed " + invoices.size() + " of " + expected + " periods");
            if (invoices.size() >= expected) {
                return invoices;
            }
            await(deadline, invoices.size() + " of " + expected + " invoices are there");
        }
    }

    private static void await(long deadline, String state) throws InterruptedException {
        if (System.nanoTime() > deadline) {
            throw Failure.unreachable(
                    state + " after " + PATIENCE.toMinutes() + " minutes", "look at the log, and run it again");
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
    }

    private static void printCounts(JsonNode partitions, long seed, PrintWriter out) {
        long accepted = sum(partitions, "accepted") + sumReceived(partitions, "accepted");
        long duplicates = sum(partitions, "duplicates") + sumReceived(partitions, "duplicates");
        long rejected = sum(partitions, "rejected") + sumReceived(partitions, "rejected");
        out.println("Sample month of April 2026, seed " + seed);
        out.println(new Table("read>", "accepted>", "duplicate>", "rejected>")
                .row(sum(partitions, "read"), accepted, duplicates, rejected));
        out.flush();
    }

    private static long sum(JsonNode partitions, String count) {
        long sum = 0;
        for (JsonNode partition : partitions) {
            sum += partition.path(count).asLong();
        }
        return sum;
    }

    private static long sumReceived(JsonNode partitions, String count) {
        long sum = 0;
        for (JsonNode partition : partitions) {
            sum += partition.path("received").path(count).asLong();
        }
        return sum;
    }
}
