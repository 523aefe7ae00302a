package io.tallystick.ingest.stream;

import io.tallystick.schemas.topic.TenantPartitioner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What one partition knows of the tenants that its records name: where each is at home, and how far its gapless sequence is,
 * which is counted on the heap and made durable before each commit.
 */
final class Tenants {

    /** What they may take on the heap, about; beside those that the store does not have as they are. */
    private static final long BYTES_MAX = 8 << 20;

    private static final int OVERHEAD_BYTES = 160;

    private final KeyValueStore<String, Long> sequences;
    private final int partitions;
    private final Map<String, Tenant> byName = new HashMap<>();
    private final List<Tenant> advanced = new ArrayList<>();
    private long bytes;
    private long advancedBytes;

    /** One tenant, as long as the record lasts that it was asked for. */
    final class Tenant {

        private final String name;
        private final byte[] key;
        private final int home;
        private long sequence;
        private boolean isRead;
        private boolean isAdvanced;

        private Tenant(String name) {
            this.name = name;
            this.key = name.getBytes(StandardCharsets.UTF_8);
            this.home = TenantPartitioner.partitionOf(key, partitions);
        }

        /** The key of its records; not to be changed. */
        byte[] key() {
            return key;
        }

        /** The partition that its events are decided in. */
        int home() {
            return home;
        }

        /** Takes the next of its sequence. */
        long next() {
            if (!isAdvanced) {
                isAdvanced = true;
                advanced.add(this);
                advancedBytes += bytesOf(this);
            }
            sequence = last() + 1;
            return sequence;
        }

        private long last() {
            if (!isRead) {
                Long stored = sequences.get(name);
                sequence = stored == null ? 0 : stored;
                isRead = true;
            }
            return sequence;
        }
    }

    Tenants(KeyValueStore<String, Long> sequences, int partitions) {
        this.sequences = sequences;
        this.partitions = partitions;
    }

    Tenant of(String name) {
        Tenant tenant = byName.get(name);
        if (tenant == null) {
            if (bytes >= BYTES_MAX + 2 * advancedBytes) {
                keepAdvanced();
            }
            tenant = new Tenant(name);
            byName.put(name, tenant);
            bytes += bytesOf(tenant);
        }
        return tenant;
    }

    /** Whether a sequence that was given elsewhere is the tenant's next, and so is given now; false when it was given before. */
    boolean takes(String name, long sequence) {
        Tenant tenant = of(name);
        long next = tenant.last() + 1;
        if (sequence == next) {
            return tenant.next() == sequence;
        }
        if (sequence > next) {
            throw new IllegalStateException("tenant " + name + " goes on with " + sequence + " instead of " + next);
        }
        return false;
    }

    void beforeCommit() {
        for (Tenant tenant : advanced) {
            sequences.put(tenant.name, tenant.sequence);
            tenant.isAdvanced = false;
        }
        advanced.clear();
        advancedBytes = 0;
    }

    /** What the store does not have yet must stay, whoever names how many tenants. */
    private void keepAdvanced() {
        byName.clear();
        advanced.forEach(tenant -> byName.put(tenant.name, tenant));
        bytes = advancedBytes;
    }

    private static long bytesOf(Tenant tenant) {
        return OVERHEAD_BYTES + 3L * tenant.key.length;
    }
}
