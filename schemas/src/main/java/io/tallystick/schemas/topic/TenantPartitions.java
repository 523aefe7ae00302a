package io.tallystick.schemas.topic;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The partition of the tenant that was asked for last: totals and charges of one tenant come together. Safe for any number of
 * threads: at worst one works out what another has.
 */
public final class TenantPartitions {

    private @Nullable Last last;

    private static final class Last {
        final String tenant;
        final int partitions;
        final Optional<Set<Integer>> partition;

        Last(String tenant, int partitions) {
            this.tenant = tenant;
            this.partitions = partitions;
            this.partition = Optional.of(Set.of(TenantPartitioner.partitionOf(tenant, partitions)));
        }
    }

    /** As a Kafka Streams partitioner answers. */
    public Optional<Set<Integer>> of(String tenant, int partitions) {
        Last known = last;
        if (known == null || known.partitions != partitions || !known.tenant.equals(tenant)) {
            known = new Last(tenant, partitions);
            last = known;
        }
        return known.partition;
    }
}
