package io.tallystick.schemas.topic;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/**
 * Which partition a tenant lives in, on every partitioned topic: murmur2 of the tenant's UTF-8 bytes, as Kafka's Java producer
 * takes of a key (librdkafka: {@code partitioner=murmur2_random}).
 */
public final class TenantPartitioner {

    private TenantPartitioner() {}

    public static int partitionOf(String tenant, int partitions) {
        return partitionOf(tenant.getBytes(StandardCharsets.UTF_8), partitions);
    }

    /** @param tenant its UTF-8 bytes */
    public static int partitionOf(byte[] tenant, int partitions) {
        return Utils.toPositive(Utils.murmur2(tenant)) % partitions;
    }
}
