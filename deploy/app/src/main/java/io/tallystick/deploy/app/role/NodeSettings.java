package io.tallystick.deploy.app.role;

import io.tallystick.deploy.app.server.ApiKeys;
import io.tallystick.invoicer.provider.ProviderSettings;
import io.tallystick.schemas.topic.Space;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one process runs, and where.
 *
 * @param data what is kept: the embedded Kafka's log in {@code kafka}, the stages' stores in {@code state}
 * @param host the address that HTTP listens on
 * @param port of HTTP; 0 for a free one
 * @param kafka the cluster's bootstrap servers, or null for an embedded one
 * @param kafkaPort of the embedded Kafka; 0 for a free one
 * @param timestampsAhead how far ahead of the clock record timestamps may be on the embedded Kafka
 * @param partitions that a new space gets
 * @param closing what is done by the clock about periods and drafts
 * @param horizon a new value for the catalogue's settings, or null to leave them
 * @param skew a new value for the catalogue's settings, or null to leave them
 * @param memory what the process may take beside its ordinary heap
 * @param providers how payment providers are reached
 */
public record NodeSettings(
        Set<Role> roles,
        Path data,
        String host,
        int port,
        @Nullable ApiKeys keys,
        @Nullable String kafka,
        int kafkaPort,
        Duration timestampsAhead,
        Space space,
        int partitions,
        ClosingSchedule closing,
        @Nullable Duration horizon,
        @Nullable Duration skew,
        MemorySizes memory,
        ProviderSettings providers) {

    public NodeSettings {
        roles = Collections.unmodifiableSet(EnumSet.copyOf(roles));
    }
}
