package io.tallystick.deploy.app.role;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.tallystick.aggregator.http.HolderClient;
import io.tallystick.rater.stream.RaterStage;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.topic.TenantPartitioner;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.HostInfo;

/** Passes questions about a tenant's charges, access and credits on to the process whose rater holds the tenant. */
final class ChargesForwarding {

    private static final List<String> PATHS = List.of(
            "/api/v1/tenants/{tenant}/charges", "/api/v1/tenants/{tenant}/access", "/api/v1/tenants/{tenant}/credits");
    private static final int RETRY_AFTER_SECONDS = 2;
    private static final StreamPartitioner<String, Object> BY_TENANT = (topic, tenant, value, partitions) ->
            Optional.of(Set.of(TenantPartitioner.partitionOf(tenant, partitions)));

    private final KafkaStreams rater;
    private final HostInfo self;
    private final HolderClient holders = new HolderClient();

    /** @param self where this process answers, as its {@code application.server} says */
    ChargesForwarding(KafkaStreams rater, HostInfo self) {
        this.rater = rater;
        this.self = self;
    }

    void addTo(RoutesConfig routes) {
        PATHS.forEach(path -> routes.before(path, this::passOn));
    }

    private void passOn(Context context) {
        holder(context.pathParam("tenant")).ifPresent(holder -> {
            holders.forward(context, holder);
            context.skipRemainingHandlers();
        });
    }

    /** Empty when it is this process, or nobody knows. */
    private Optional<URI> holder(String tenant) {
        try {
            KeyQueryMetadata holder = rater.queryMetadataForKey(RaterStage.CHARGES, tenant, BY_TENANT);
            HostInfo host = holder.activeHost();
            return holder.equals(KeyQueryMetadata.NOT_AVAILABLE)
                            || host.equals(self)
                            || host.equals(HostInfo.unavailable())
                    ? Optional.empty()
                    : Optional.of(URI.create("http://" + host.host() + ":" + host.port()));
        } catch (IllegalStateException | InvalidStateStoreException e) { // not running (yet), or no more
            throw RequestRefused.notReady("the charges are being restored; try again", RETRY_AFTER_SECONDS);
        }
    }
}
