package io.tallystick.schemas.stream;

import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.topic.TenantPartitioner;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.HostInfo;

/** Which of a stage's processes holds what a store keeps of a tenant. */
public final class TenantHolder {

    private static final int RETRY_AFTER_SECONDS = 2;
    private static final StreamPartitioner<String, Object> BY_TENANT = (topic, tenant, value, partitions) ->
            Optional.of(Set.of(TenantPartitioner.partitionOf(tenant, partitions)));

    private final KafkaStreams streams;
    private final String store;
    private final HostInfo self;
    private final String kept;

    /**
     * @param self where this process answers, as its {@code application.server} says
     * @param kept what the store keeps, as people are told while nobody holds it: "the totals"
     */
    public TenantHolder(KafkaStreams streams, String store, HostInfo self, String kept) {
        this.streams = streams;
        this.store = store;
        this.self = self;
        this.kept = kept;
    }

    /** Where the process answers that holds the tenant; empty when it is this one. Refused while nobody does, or nobody knows. */
    public Optional<URI> of(String tenant) {
        try {
            KeyQueryMetadata holder = streams.queryMetadataForKey(store, tenant, BY_TENANT);
            if (holder.equals(KeyQueryMetadata.NOT_AVAILABLE)
                    || holder.activeHost().equals(HostInfo.unavailable())) {
                throw notReady();
            }
            return at(holder.activeHost());
        } catch (IllegalStateException | InvalidStateStoreException e) { // not running (yet), or no more
            throw notReady();
        }
    }

    /** Where a process answers; empty when it is this one. */
    public Optional<URI> at(HostInfo host) {
        return host.equals(self)
                ? Optional.empty()
                : Optional.of(URI.create("http://" + host.host() + ":" + host.port()));
    }

    /** What somebody is told who asks meanwhile. */
    public RequestRefused notReady() {
        return RequestRefused.notReady(
                kept + " of this tenant are being restored or are moving to another process; try again in a moment",
                RETRY_AFTER_SECONDS);
    }
}
