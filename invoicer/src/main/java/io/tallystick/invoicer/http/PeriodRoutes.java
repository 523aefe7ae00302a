package io.tallystick.invoicer.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.tallystick.invoicer.invoice.InvoiceDrafting;
import io.tallystick.invoicer.stream.BrokersSilentException;
import io.tallystick.invoicer.stream.CloseRequester;
import io.tallystick.invoicer.stream.CloseRequester.Closing;
import io.tallystick.invoicer.stream.IngestProgress;
import io.tallystick.invoicer.stream.InvoiceView;
import io.tallystick.invoicer.stream.RequestView;
import io.tallystick.invoicer.stream.RequestView.ClosePending;
import io.tallystick.schemas.catalog.BillingPeriods;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceStatus;
import io.tallystick.schemas.event.LineItemJson;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.InstantText;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/periods}: closing billing periods, looking at the closes under way, and billing a voided period anew. */
public final class PeriodRoutes {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** How long after its end a period can be billed anew. */
    private static final Duration CORRECTION_HORIZON = Duration.ofDays(400);

    private final CloseRequester closes;
    private final InvoiceView invoices;
    private final RequestView requests;
    private final IngestProgress progress;
    private final Supplier<Catalog> catalog;
    private final InstantSource clock;
    private final BiPredicate<Context, String> mayRead;

    /**
     * @param catalog as it is in force
     * @param mayRead whether the one who asks may read what is a tenant's
     */
    public PeriodRoutes(
            CloseRequester closes,
            InvoiceView invoices,
            RequestView requests,
            IngestProgress progress,
            Supplier<Catalog> catalog,
            InstantSource clock,
            BiPredicate<Context, String> mayRead) {
        this.closes = closes;
        this.invoices = invoices;
        this.requests = requests;
        this.progress = progress;
        this.catalog = catalog;
        this.clock = clock;
        this.mayRead = mayRead;
    }

    public void addTo(RoutesConfig routes) {
        routes.post("/api/v1/periods/close", this::close);
        routes.get("/api/v1/periods/closing", this::closing);
        routes.post("/api/v1/invoices/{id}/reissue", this::reissue);
    }

    private void close(Context context) throws InterruptedException {
        JsonNode body = JsonBodies.read(context);
        Instant through = through(body.get("through"));
        String tenant = tenant(body.get("tenant"));
        if (!invoices.ready()) {
            throw RequestRefused.notReady("the invoices are still being read; try again in a moment", 1);
        }
        List<Subscription> subscriptions = catalog.get().subscriptions().values().stream()
                .filter(subscription -> tenant == null || subscription.tenant().equals(tenant))
                .toList();
        List<Closing> due;
        int adjusting;
        try {
            due = closes.due(subscriptions, through);
            closes.request(due, clock.instant(), PATIENCE);
            adjusting = closes.requestAdjustments(subscriptions, through, clock.instant(), PATIENCE);
        } catch (CloseRequester.TooManyPeriodsException e) {
            throw JsonBodies.invalid("through", "is too far: " + e.getMessage() + "; close in steps, or by tenant");
        } catch (BrokersSilentException e) {
            throw RequestRefused.notReady(e.getMessage() + "; closing again is harmless", 5);
        }
        List<Map<String, @Nullable Object>> closing = new ArrayList<>(due.size());
        due.forEach(one -> closing.add(tree(one)));
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("closing", closing);
        answer.put(
                "adjusting", adjusting); // subscriptions that are over: what is late of them is booked, if anything is
        answer.put("subscriptions", subscriptions.size()); // none: nobody by that name is billed
        JsonBodies.write(context, 202, answer);
    }

    private void closing(Context context) throws InterruptedException {
        if (!invoices.ready() || !requests.ready()) {
            throw RequestRefused.notReady("the requests are still being read; try again in a moment", 1);
        }
        List<ClosePending> pending = requests.pending().stream()
                .filter(close -> mayRead.test(context, close.request().tenant()))
                .toList();
        List<Map<String, @Nullable Object>> data = new ArrayList<>(pending.size());
        try {
            Map<Integer, Long> committed = pending.isEmpty() ? Map.of() : progress.committed(PATIENCE);
            pending.forEach(close -> data.add(tree(close, committed)));
        } catch (BrokersSilentException e) {
            throw RequestRefused.notReady(e.getMessage() + "; try again", 5);
        }
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("data", data);
        answer.put("next", null);
        JsonBodies.write(context, 200, answer);
    }

    private void reissue(Context context) throws InterruptedException {
        if (!invoices.ready() || !requests.ready()) {
            throw RequestRefused.notReady("the invoices are still being read; try again in a moment", 1);
        }
        String id = context.pathParam("id");
        Invoice voided = invoices.invoice(id)
                .filter(invoice -> mayRead.test(context, invoice.tenant()))
                .orElseThrow(() -> RequestRefused.notFound("there is no invoice " + id));
        String first = billedWholeAs(voided);
        int attempts = invoices.attempts(voided.subscription(), voided.period());
        if (!InvoiceDrafting.idOf(first, voided.attempt()).equals(id)) {
            throw conflict(
                    id + " holds corrections alone: the reissue of the invoice that they correct holds them too");
        }
        if (voided.status() != InvoiceStatus.VOID) {
            throw conflict("invoice " + id + " is " + voided.status().text() + ": void it first");
        }
        if (attempts > voided.attempt()) {
            throw conflict("invoice " + id + " was issued again already, as " + InvoiceDrafting.idOf(first, attempts));
        }
        if (voided.period().end().plus(CORRECTION_HORIZON).isBefore(clock.instant())) {
            throw conflict("the period of invoice " + id + " takes no corrections any more: it ended more than "
                    + CORRECTION_HORIZON.toDays() + " days ago");
        }
        int attempt = attempts + 1;
        if (!requests.isPending(voided.subscription(), voided.period(), attempt)) {
            try {
                closes.requestReissue(voided, clock.instant(), PATIENCE);
            } catch (BrokersSilentException e) {
                throw RequestRefused.notReady(e.getMessage() + "; asking again is harmless", 5);
            }
        }
        Closing closing = new Closing(
                voided.tenant(),
                voided.subscription(),
                voided.period(),
                InvoiceDrafting.idOf(first, attempt),
                voided.period().end());
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("closing", List.of(tree(closing)));
        JsonBodies.write(context, 202, answer);
    }

    /** The id of the first invoice that billed this one's period whole. */
    private String billedWholeAs(Invoice invoice) {
        Subscription subscription = catalog.get().subscriptions().get(invoice.subscription());
        if (subscription == null) {
            throw RequestRefused.notReady("subscription " + invoice.subscription() + " is not known here yet", 1);
        }
        return BillingPeriods.of(subscription).invoiceId(invoice.period());
    }

    private static RequestRefused conflict(String detail) {
        return new RequestRefused(409, "Conflict", detail);
    }

    private static Map<String, @Nullable Object> tree(ClosePending close, Map<Integer, Long> committed) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("tenant", close.request().tenant());
        tree.put("subscription", close.request().subscription());
        tree.put("period", LineItemJson.tree(close.request().period()));
        tree.put("attempt", close.request().attempt());
        tree.put(
                "requestedAt",
                Instant.ofEpochMilli(close.request().requestedAt()).toString());
        tree.put("state", close.isReleased() ? "released" : "waiting");
        tree.put(
                "lagging",
                close.isReleased() ? List.of() : lagging(close.request().endOffsets(), committed));
        return tree;
    }

    /** The partitions of {@code usage.events} that ingest is not through with up to where the close stands. */
    private static List<Map<String, @Nullable Object>> lagging(List<Long> ends, Map<Integer, Long> committed) {
        List<Map<String, @Nullable Object>> lagging = new ArrayList<>();
        for (int partition = 0; partition < ends.size(); partition++) {
            long end = ends.get(partition);
            long reached = committed.getOrDefault(partition, 0L);
            if (reached < end) {
                Map<String, @Nullable Object> tree = new LinkedHashMap<>();
                tree.put("partition", partition);
                tree.put("committed", reached);
                tree.put("end", end);
                lagging.add(tree);
            }
        }
        return lagging;
    }

    private static Map<String, @Nullable Object> tree(Closing closing) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("tenant", closing.tenant());
        tree.put("subscription", closing.subscription());
        tree.put("period", LineItemJson.tree(closing.period()));
        tree.put("invoice", closing.invoice());
        return tree;
    }

    private static Instant through(@Nullable JsonNode node) {
        if (node == null || !node.isTextual()) {
            throw JsonBodies.invalid("through", "is an instant, as 2026-05-01T00:00:00Z");
        }
        Instant through = InstantText.parse(node.textValue())
                .orElseThrow(() -> JsonBodies.invalid(
                        "through", "is an instant, as 2026-05-01T00:00:00Z, not " + node.textValue()));
        if (!HourWindow.isWholeHour(through)) {
            throw JsonBodies.invalid("through", "falls on a whole UTC hour, which " + through + " does not");
        }
        return through;
    }

    private static @Nullable String tenant(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return null;
        }
        if (!node.isTextual()) {
            throw JsonBodies.invalid("tenant", "is a text");
        }
        return node.textValue();
    }
}
