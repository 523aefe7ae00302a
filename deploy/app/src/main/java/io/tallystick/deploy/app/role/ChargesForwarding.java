package io.tallystick.deploy.app.role;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.tallystick.aggregator.http.HolderClient;
import io.tallystick.rater.stream.RaterStage;
import io.tallystick.schemas.stream.TenantHolder;
import java.util.List;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.state.HostInfo;

/** Passes questions about a tenant's charges, access and credits on to the process whose rater holds the tenant. */
final class ChargesForwarding {

    private static final List<String> PATHS = List.of(
            "/api/v1/tenants/{tenant}/charges", "/api/v1/tenants/{tenant}/access", "/api/v1/tenants/{tenant}/credits");

    private final TenantHolder charges;
    private final HolderClient holders = new HolderClient();

    /** @param self where this process answers, as its {@code application.server} says */
    ChargesForwarding(KafkaStreams rater, HostInfo self) {
        this.charges = new TenantHolder(rater, RaterStage.STORE, self, "the charges");
    }

    void addTo(RoutesConfig routes) {
        PATHS.forEach(path -> routes.before(path, this::passOn));
    }

    private void passOn(Context context) {
        charges.of(context.pathParam("tenant")).ifPresent(holder -> {
            holders.forward(context, holder);
            context.skipRemainingHandlers();
        });
    }
}
