package io.tallystick.deploy.app.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.bundle.BundleManifest.BundledFile;
import io.tallystick.deploy.app.bundle.BundleManifest.BundledInvoice;
import io.tallystick.deploy.app.replay.LegibleRecord;
import io.tallystick.deploy.app.replay.LogSource;
import io.tallystick.schemas.codec.BundledRecord;
import io.tallystick.schemas.codec.RecordContainer;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.Cut;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceJson;
import io.tallystick.schemas.topic.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes a bundle: the invoices of a period as they stand, the prefix of the log that each follows from, and every catalogue revision. The manifest comes
 * last: a directory without one is no bundle.
 */
public final class BundleExport {

    static final String INVOICES = "invoices.avro";
    static final String CATALOG = "catalog.avro";

    private static final JsonMapper JSON = new JsonMapper();

    private final LogSource source;
    private final YearMonth period;
    private final Path directory;
    private final AtomicLong records = new AtomicLong();
    private final List<BundledFile> files = new ArrayList<>();
    private final List<BundledInvoice> invoices = new ArrayList<>();

    /**
     * What was written.
     *
     * @param manifest the hash of the manifest, by which a bundle can be named elsewhere
     */
    public record Written(int invoices, int files, long records, String manifest) {}

    /** @param directory new or empty */
    public BundleExport(LogSource source, YearMonth period, Path directory) {
        this.source = source;
        this.period = period;
        this.directory = directory;
    }

    static String accepted(int partition) {
        return "accepted-" + partition + ".avro";
    }

    /** How many records are written so far. */
    public long progress() {
        return records.get();
    }

    public Written write() {
        try {
            prepare();
            // What stands is read first: everything it follows from is in the log by then.
            Map<Integer, Prefix> prefixes = invoicesOrNothing();
            Topic catalog = source.topics().billingCatalog();
            writeFile(CATALOG, catalog, 0, source.end(catalog, 0), null);
            for (var prefix : prefixes.entrySet()) {
                int partition = prefix.getKey();
                Topic topic = source.topics().usageAccepted();
                writeFile(accepted(partition), topic, partition, prefix.getValue().end, prefix.getValue().tenants);
            }
            new BundleManifest(period, source.topics(), files, invoices).write(directory);
            return new Written(
                    invoices.size(),
                    files.size() + 1,
                    records.get(),
                    BundleManifest.sha256(directory.resolve(BundleManifest.NAME)));
        } catch (IOException | UncheckedIOException e) {
            throw Failure.wrongInput(
                    "the bundle cannot be written to " + directory + " (" + e.getMessage() + ")",
                    "make room or choose another --to",
                    e);
        }
    }

    /** What of one partition is wanted: the records of these tenants, and of none, in front of {@code end}. */
    private static final class Prefix {
        private final Set<String> tenants = new HashSet<>(Set.of(""));
        private long end;
    }

    private void prepare() throws IOException {
        Files.createDirectories(directory);
        try (Stream<Path> there = Files.list(directory)) {
            if (there.findAny().isPresent()) {
                throw Failure.wrongInput(directory + " is not empty", "name a new directory with --to");
            }
        }
    }

    /** Where there can be no bundle the directory stays empty, for another attempt. */
    private Map<Integer, Prefix> invoicesOrNothing() throws IOException {
        try {
            Map<Integer, Prefix> prefixes = writeInvoices();
            if (invoices.isEmpty()) {
                throw Failure.wrongInput(
                        "there is no invoice of a period that starts in " + period, "see 'tallystick invoices'");
            }
            return prefixes;
        } catch (Failure e) {
            Files.deleteIfExists(directory.resolve(INVOICES));
            throw e;
        }
    }

    private Map<Integer, Prefix> writeInvoices() throws IOException {
        Map<Integer, Prefix> prefixes = new TreeMap<>();
        Topic topic = source.topics().billingInvoices();
        try (RecordContainer container = RecordContainer.create(directory.resolve(INVOICES))) {
            for (int partition = 0; partition < topic.partitions(); partition++) {
                TreeMap<String, ConsumerRecord<byte[], byte[]>> standing = new TreeMap<>();
                source.read(topic, partition, source.end(topic, partition), record -> {
                    if (isOfPeriod(record)) {
                        standing.put(text(record.key()), record);
                    }
                });
                standing.values().forEach(BundleExport::requireThere);
                for (ConsumerRecord<byte[], byte[]> record : standing.values()) {
                    Invoice invoice = TopicCodecs.INVOICES.decode(record.value());
                    container.add(bundled(record, json(invoice)));
                    invoices.add(new BundledInvoice(invoice.id(), invoice.digest()));
                    for (Cut cut : invoice.cut()) {
                        Prefix prefix = prefixes.computeIfAbsent(cut.partition(), number -> new Prefix());
                        prefix.tenants.add(invoice.tenant());
                        prefix.end = Math.max(prefix.end, cut.offset() + 1); // the marker too
                    }
                }
            }
            finish(INVOICES, container);
        }
        return prefixes;
    }

    private void writeFile(String name, Topic topic, int partition, long end, @Nullable Set<String> tenants)
            throws IOException {
        try (RecordContainer container = RecordContainer.create(directory.resolve(name))) {
            source.read(topic, partition, end, record -> {
                if (tenants == null || tenants.contains(text(record.key()))) {
                    try {
                        container.add(bundled(record, null));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            });
            finish(name, container);
        }
    }

    private void finish(String name, RecordContainer container) throws IOException {
        container.close();
        files.add(new BundledFile(name, container.records(), BundleManifest.sha256(directory.resolve(name))));
    }

    private BundledRecord bundled(ConsumerRecord<byte[], byte[]> record, @Nullable String json) {
        records.incrementAndGet();
        return new BundledRecord(
                record.partition(), record.offset(), record.timestamp(), record.key(), record.value(), json);
    }

    /** Of what was deleted the key has to tell: its first day is in it. */
    private boolean isOfPeriod(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return text(record.key()).contains("-" + period + "-");
        }
        Invoice invoice = LegibleRecord.content(TopicCodecs.INVOICES, record);
        return YearMonth.from(invoice.firstDay()).equals(period);
    }

    /** An invoice is a fact: a bundle without one that was given would prove the wrong thing. */
    private static void requireThere(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            throw Failure.checkFailed(
                    "invoice " + text(record.key()) + " was deleted at " + record.topic() + " " + record.partition()
                            + "@" + record.offset() + ", and an invoice never is",
                    "'tallystick replay' says what the log gives");
        }
    }

    /** As the HTTP interface shows it, for programs that read nothing else. */
    static String json(Invoice invoice) {
        try {
            return JSON.writeValueAsString(InvoiceJson.tree(invoice));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // a tree of texts and numbers always has a JSON form
        }
    }

    private static String text(byte @Nullable [] key) {
        return key == null ? "" : new String(key, StandardCharsets.UTF_8);
    }
}
