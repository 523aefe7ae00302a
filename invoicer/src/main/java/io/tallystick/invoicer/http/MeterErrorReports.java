package io.tallystick.invoicer.http;

import io.tallystick.invoicer.delivery.DeliveryAlerts;
import io.tallystick.invoicer.delivery.DeliveryLifecycle;
import io.tallystick.invoicer.delivery.DeliveryState;
import io.tallystick.invoicer.provider.AlertWriter;
import io.tallystick.invoicer.provider.ProviderSettings;
import io.tallystick.invoicer.provider.ProviderSilentException;
import io.tallystick.invoicer.provider.StripeApi;
import io.tallystick.invoicer.provider.StripeMeterErrors;
import io.tallystick.invoicer.provider.StripeMeterErrors.Report;
import io.tallystick.invoicer.provider.StripeMeterErrors.Sample;
import io.tallystick.invoicer.stream.DeliveryView;
import io.tallystick.invoicer.stream.KafkaReceipts;
import io.tallystick.schemas.event.RequestRefused;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Takes back what Stripe had taken and could not use: the usage that a report names counts as failed from now on, and people are told. A report names only
 * samples, so it is told as a whole too.
 */
final class MeterErrorReports {

    private final ProviderSettings settings;
    private final DeliveryView view;
    private final KafkaReceipts receipts;
    private final AlertWriter alerts;

    MeterErrorReports(ProviderSettings settings, DeliveryView view, KafkaReceipts receipts, AlertWriter alerts) {
        this.settings = settings;
        this.view = view;
        this.receipts = receipts;
        this.alerts = alerts;
    }

    void take(String event, String type, Instant now) throws InterruptedException {
        Report report = read(event);
        for (Sample sample : report.samples()) {
            Optional<DeliveryState> sent = view.deliveries(state -> isOf(state, sample.identifier())).stream()
                    .findFirst();
            if (sent.isPresent()) {
                alerts.write(
                        DeliveryAlerts.failed(sent.get().delivery(), sample.code() + ": " + sample.message(), now));
                receipts.write(DeliveryLifecycle.reported(sent.get(), sample.code(), sample.message(), now));
            }
        }
        alerts.write(DeliveryAlerts.meterErrors(type, event, report.count(), report.summary(), now));
    }

    private Report read(String event) throws InterruptedException {
        Optional<StripeApi> api = settings.stripe();
        if (api.isEmpty()) {
            return new Report(0, "it cannot be read here without STRIPE_API_KEY", List.of());
        }
        try {
            return new StripeMeterErrors(api.get()).read(event);
        } catch (ProviderSilentException e) {
            throw RequestRefused.notReady(e.getMessage() + "; send the event again", 10);
        }
    }

    private static boolean isOf(DeliveryState state, String identifier) {
        return state.status() == DeliveryState.Status.DELIVERED
                && !state.delivery().steps().isEmpty()
                && state.identity().equals(identifier);
    }
}
