package io.tallystick.deploy.app.catalog;

import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogCanonical;
import io.tallystick.schemas.catalog.CatalogManifest;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.codec.CatalogTexts;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.CatalogRecord;
import io.tallystick.schemas.event.CatalogRecord.CatalogObject;
import io.tallystick.schemas.event.CatalogRecord.RevisionPublished;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every revision of {@code billing.catalog}, read from the beginning and followed by a thread of its own. Two processes that
 * publish at once write two manifests of one number: the first in the topic stands, here as everywhere.
 */
public final class CatalogLog implements CatalogReader, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CatalogLog.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE_AFTER_ERROR = Duration.ofSeconds(1);

    private final TopicPartition partition;
    private final Supplier<Consumer<String, byte[]>> consumers;
    private final Thread thread = new Thread(this::run, "catalog-log");

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // All below are guarded by the lock.
    private final Map<String, String> documents = new HashMap<>();
    private final NavigableMap<Integer, CatalogManifest> manifests = new TreeMap<>();
    private final NavigableMap<Integer, CatalogRevision> revisions = new TreeMap<>();
    private long position;
    private boolean caughtUp;
    private boolean closed;
    private @Nullable Consumer<String, byte[]> current;

    /** @param consumers new consumers of committed records, without a group; one is open at a time */
    public CatalogLog(Topics topics, Supplier<Consumer<String, byte[]>> consumers) {
        this.partition = new TopicPartition(topics.billingCatalog().name(), 0);
        this.consumers = consumers;
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Waits until everything is known that was there at the start; false when it is not after {@code patience}. */
    public boolean awaitCaughtUp(Duration patience) {
        return await(() -> caughtUp, patience);
    }

    /** The newest revision; number 0 and an empty catalogue before the first. */
    public CatalogRevision newest() {
        lock.lock();
        try {
            return revisions.isEmpty()
                    ? new CatalogRevision(0, "", Catalog.empty(Catalog.Settings.DEFAULT))
                    : revisions.lastEntry().getValue();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public CatalogRevision revision(int number, Duration patience) {
        lock.lock();
        try {
            if (!await(() -> revisions.containsKey(number), patience)) {
                throw new IllegalStateException(
                        "catalogue revision " + number + " has not arrived after " + patience.toSeconds() + " s");
            }
            return Objects.requireNonNull(revisions.get(number));
        } finally {
            lock.unlock();
        }
    }

    /** The revisions from 1 to the newest. */
    public List<CatalogRevision> all() {
        lock.lock();
        try {
            return List.copyOf(revisions.values());
        } finally {
            lock.unlock();
        }
    }

    /** The manifest that would publish {@code catalog} behind {@code base}. */
    CatalogManifest manifestBehind(CatalogRevision base, Catalog catalog) {
        lock.lock();
        try {
            return CatalogManifest.of(catalog, manifests.get(base.number()));
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the record at {@code offset} is taken in, and says whether its manifest stands. */
    boolean stands(CatalogManifest manifest, long offset, Duration patience) {
        lock.lock();
        try {
            if (!await(() -> position > offset, patience)) {
                return false;
            }
            CatalogManifest standing = manifests.get(manifest.number());
            return standing != null && standing.hash().equals(manifest.hash());
        } finally {
            lock.unlock();
        }
    }

    /** Whether an object with this hash is in the topic already. */
    boolean holds(String hash) {
        lock.lock();
        try {
            return documents.containsKey(hash);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            if (current != null) {
                current.wakeup();
            }
        } finally {
            lock.unlock();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean await(BooleanSupplier condition, Duration patience) {
        long left = patience.toNanos();
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                if (left <= 0 || closed) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (!isClosed()) {
            try (Consumer<String, byte[]> consumer = consumers.get()) {
                setCurrent(consumer);
                follow(consumer);
            } catch (WakeupException e) {
                LOG.atDebug().log("catalog log stopped");
            } catch (KafkaException e) {
                LOG.atWarn()
                        .setCause(e)
                        .addKeyValue("topic", partition.topic())
                        .log("reading again where it broke off");
                boolean stopped = await(() -> closed, PAUSE_AFTER_ERROR);
                LOG.atDebug().addKeyValue("stopped", stopped).log("paused");
            } finally {
                setCurrent(null);
            }
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void setCurrent(@Nullable Consumer<String, byte[]> consumer) {
        lock.lock();
        try {
            current = consumer;
        } finally {
            lock.unlock();
        }
    }

    private void follow(Consumer<String, byte[]> consumer) {
        consumer.assign(List.of(partition));
        lock.lock();
        try {
            consumer.seek(partition, position);
        } finally {
            lock.unlock();
        }
        long end =
                Objects.requireNonNull(consumer.endOffsets(List.of(partition)).get(partition));
        while (!isClosed()) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                take(record);
            }
            lock.lock();
            try {
                position = consumer.position(partition);
                caughtUp |= position >= end;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        CatalogRecord content = TopicCodecs.CATALOG.decode(record.value());
        lock.lock();
        try {
            if (content instanceof CatalogObject object) {
                documents.put(object.hash(), object.document());
            } else if (content instanceof RevisionPublished published) {
                take(CatalogTexts.manifest(published.manifest()));
            }
        } catch (IllegalArgumentException e) {
            // Not ours, or damaged: it cannot stand, and the revisions around it do.
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("offset", record.offset())
                    .log("unreadable catalogue record");
        } finally {
            lock.unlock();
        }
    }

    private void take(CatalogManifest manifest) {
        Map.Entry<Integer, CatalogManifest> last = manifests.lastEntry();
        int number = last == null ? 1 : last.getKey() + 1;
        String previous = last == null ? null : last.getValue().hash();
        if (manifest.number() == number && Objects.equals(manifest.previous(), previous)) {
            manifests.put(number, manifest);
            revisions.put(number, CatalogTexts.revision(manifest, documents::get));
        }
    }

    /** The documents of a catalogue's objects by their hashes. */
    static Map<String, String> documentsOf(Catalog catalog, CatalogManifest manifest) {
        Map<String, String> byHash = new HashMap<>();
        CatalogCanonical.objects(catalog)
                .forEach((key, document) ->
                        byHash.put(Objects.requireNonNull(manifest.objects().get(key)), document));
        return byHash;
    }
}
