package io.tallystick.deploy.app.bundle;

import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.bundle.BundleManifest.BundledFile;
import io.tallystick.deploy.app.bundle.BundleManifest.BundledInvoice;
import io.tallystick.deploy.app.replay.Finding;
import io.tallystick.deploy.app.replay.LogSource;
import io.tallystick.schemas.codec.BundledRecord;
import io.tallystick.schemas.codec.RecordContainer;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.codec.UnreadableRecordException;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;

/** A bundle as the topics it was taken from: what is not in it is not there. */
public final class BundleLog implements LogSource {

    private final Path directory;
    private final BundleManifest manifest;
    private final Map<String, Long> ends = new HashMap<>();

    private BundleLog(Path directory, BundleManifest manifest) {
        this.directory = directory;
        this.manifest = manifest;
    }

    /** Opens a bundle; a Failure when there is none, or when its manifest is damaged. */
    public static BundleLog open(Path directory) {
        if (!Files.isRegularFile(directory.resolve(BundleManifest.NAME))) {
            throw Failure.wrongInput(
                    directory + " is no bundle: it has no " + BundleManifest.NAME,
                    "name a directory that 'tallystick export' wrote");
        }
        try {
            return new BundleLog(directory, BundleManifest.read(directory));
        } catch (IOException | IllegalArgumentException e) {
            throw Failure.checkFailed(
                    directory.resolve(BundleManifest.NAME) + " is damaged ("
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + ")",
                    "take the bundle from where it came once more");
        }
    }

    /** The month of its invoices. */
    public YearMonth period() {
        return manifest.period();
    }

    /** Where files and manifest do not fit each other: nothing is to be derived from those. */
    public List<Finding> damage() {
        List<Finding> damage = new ArrayList<>();
        for (BundledFile file : manifest.files()) {
            try {
                String sha256 = BundleManifest.sha256(directory.resolve(file.name()));
                if (!sha256.equals(file.sha256())) {
                    damage.add(new Finding(
                            file.name(), "has the hash " + sha256 + ", the manifest says " + file.sha256()));
                } else {
                    checkRecords(file, damage);
                }
            } catch (IOException e) {
                damage.add(new Finding(file.name(), "cannot be read"));
            }
        }
        if (damage.isEmpty()) {
            checkInvoices(damage);
        }
        return damage;
    }

    /** Whoever has damaged a file may have made its hash fit. */
    private void checkRecords(BundledFile file, List<Finding> damage) {
        AtomicLong records = new AtomicLong();
        try {
            forEach(file.name(), record -> {
                records.incrementAndGet();
                checkPlace(file.name(), record, damage);
            });
        } catch (RuntimeException e) { // whatever a decoder throws at bytes that are none of its own
            damage.add(new Finding(file.name(), "is damaged behind " + records.get() + " records"));
            return;
        }
        if (records.get() != file.records()) {
            damage.add(
                    new Finding(file.name(), "has " + records.get() + " records, the manifest says " + file.records()));
        }
    }

    /** An accepted record is in its tenant's partition: the manifest says of how many. */
    private void checkPlace(String name, BundledRecord record, List<Finding> damage) {
        byte[] key = record.key();
        if (key == null || key.length == 0 || !name.equals(BundleExport.accepted(record.partition()))) {
            return;
        }
        if (TenantPartitioner.partitionOf(key, topics().partitions()) != record.partition()) {
            damage.add(new Finding(
                    name + " " + record.partition() + "@" + record.offset(),
                    "is not in its tenant's of " + topics().partitions() + " partitions, as the manifest says"));
        }
    }

    private void checkInvoices(List<Finding> damage) {
        Set<BundledInvoice> expected = new HashSet<>(manifest.invoices());
        try {
            forEach(BundleExport.INVOICES, record -> {
                Invoice invoice = TopicCodecs.INVOICES.decode(record.value());
                if (!expected.remove(new BundledInvoice(invoice.id(), invoice.digest()))) {
                    damage.add(new Finding("invoice " + invoice.id(), "is not in the manifest with its digest"));
                }
                if (!BundleExport.json(invoice).equals(record.json())) {
                    damage.add(new Finding("invoice " + invoice.id(), "its JSON form says something else"));
                }
            });
        } catch (UnreadableRecordException e) {
            damage.add(new Finding(BundleExport.INVOICES, "is damaged (" + e.getMessage() + ")"));
        }
        expected.forEach(one -> damage.add(new Finding("invoice " + one.id(), "is missing")));
    }

    @Override
    public Topics topics() {
        return manifest.topics();
    }

    /** Of no meaning here: cuts name the topic that they were made in, which a restored cluster has under another id. */
    @Override
    public String log() {
        return BundleManifest.NAME;
    }

    @Override
    public synchronized long end(Topic topic, int partition) {
        return ends.computeIfAbsent(topic.name() + "/" + partition, place -> {
            long[] end = {0};
            read(
                    topic,
                    partition,
                    Long.MAX_VALUE,
                    record -> end[0] = Math.max(end[0], record.offset() + 1)); // invoices stand in order of id
            return end[0];
        });
    }

    @Override
    public long decided(Topic topic, int partition) {
        return end(topic, partition);
    }

    @Override
    public boolean isLive() {
        return false;
    }

    @Override
    public void read(Topic topic, int partition, long end, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        String name = fileOf(topic, partition);
        if (manifest.files().stream().noneMatch(file -> file.name().equals(name))) {
            return;
        }
        forEach(name, record -> {
            if (record.partition() == partition && record.offset() < end) {
                reader.accept(new ConsumerRecord<>(
                        topic.name(),
                        partition,
                        record.offset(),
                        record.timestamp(),
                        TimestampType.CREATE_TIME,
                        ConsumerRecord.NULL_SIZE,
                        ConsumerRecord.NULL_SIZE,
                        record.key(),
                        record.value(),
                        new ProducerRecord<>(topic.name(), record.value())
                                .headers(), // none: Kafka's own class is internal
                        Optional.empty()));
            }
        });
    }

    @Override
    public void readAt(
            Topic topic, int partition, SortedSet<Long> offsets, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        read(topic, partition, Long.MAX_VALUE, record -> {
            if (offsets.contains(record.offset())) {
                reader.accept(record);
            }
        });
    }

    private String fileOf(Topic topic, int partition) {
        if (topic.equals(topics().usageAccepted())) {
            return BundleExport.accepted(partition);
        }
        if (topic.equals(topics().billingInvoices())) {
            return BundleExport.INVOICES;
        }
        return topic.equals(topics().billingCatalog()) ? BundleExport.CATALOG : "";
    }

    private void forEach(String name, Consumer<BundledRecord> reader) {
        try {
            RecordContainer.read(directory.resolve(name), reader);
        } catch (IOException e) {
            throw new UnreadableRecordException("damaged container file " + name, e);
        }
    }

    @Override
    public void close() {}
}
