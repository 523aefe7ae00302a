package io.tallystick.deploy.app.explain;

import io.tallystick.deploy.app.replay.LogSource;
import io.tallystick.deploy.app.replay.RecordedRevisions;
import io.tallystick.deploy.app.replay.StandingInvoices;
import io.tallystick.rater.pricing.LineFinder;
import io.tallystick.schemas.catalog.BillingPeriods;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which window and which invoice lines one value of a tenant is in. */
final class BilledOn {

    private final RecordedRevisions revisions;
    private final TenantControls controls;
    private final List<Invoice> invoices;
    /** The closes up to here have made what they make. */
    private final long closedTo;

    BilledOn(LogSource source, String tenant, TenantControls controls) {
        this.revisions = RecordedRevisions.read(source);
        this.controls = controls;
        Collection<Invoice> all = StandingInvoices.read(source, TenantControls.partition(source, tenant))
                .values();
        this.invoices =
                all.stream().filter(invoice -> invoice.tenant().equals(tenant)).toList();
        this.closedTo = source.isLive()
                ? all.stream()
                        .mapToLong(invoice -> invoice.cut().get(0).offset())
                        .max()
                        .orElse(-1)
                : Long.MAX_VALUE;
    }

    Map<String, @Nullable Object> tree(LineEvents.Value value) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        Explainer.addReading(tree, value.reading());
        long hour = HourWindow.hourOf(value.time());
        tree.put("windowStart", HourWindow.startOf(hour).toString());
        tree.put("windowEnd", HourWindow.startOf(hour + 1).toString());
        List<Map<String, @Nullable Object>> lines = new ArrayList<>();
        for (String subscription : controls.subscriptions()) {
            addLines(lines, subscription, value);
        }
        tree.put("lines", lines);
        return tree;
    }

    private void addLines(List<Map<String, @Nullable Object>> lines, String name, LineEvents.Value value) {
        Instant time = Instant.ofEpochMilli(value.time());
        Subscription latest = controls.subscription(name, Long.MAX_VALUE).orElseThrow();
        Period period = BillingPeriods.of(latest).containing(time);
        List<TenantControls.Close> behind = controls.closesBehind(name, value.offset());
        List<TenantControls.Close> of = behind.stream()
                .filter(close ->
                        close.marker().period().equals(period) && close.marker().attempt() > 0)
                .toList();
        Optional<TenantControls.Close> before = controls.closeOf(name, period, value.offset());
        for (TenantControls.Close close : of) {
            for (String line : names(controls.finder(revisions, close), value, time)) {
                lines.add(line("billed", name, period, line, invoiceOf(close), line, null));
            }
        }
        if (before.isPresent() && of.isEmpty()) {
            TenantControls.Close carrier = behind.isEmpty() ? null : behind.get(0);
            boolean isReported = controls.subscription(name, carrier == null ? Long.MAX_VALUE : carrier.offset())
                            .orElse(latest)
                            .lateUsage()
                    == Subscription.LateUsage.REPORT_ONLY;
            for (String line : names(controls.finder(revisions, before.get()), value, time)) {
                lines.add(late(name, period, line, carrier, isReported));
            }
        } else if (of.isEmpty()) {
            Optional<LineFinder> now =
                    revisions.newest().map(newest -> new LineFinder(newest.catalog(), latest, period));
            for (String line : names(now, value, time)) {
                lines.add(line("open", name, period, line, Optional.empty(), null, null));
            }
        }
    }

    private static List<String> names(Optional<LineFinder> finder, LineEvents.Value value, Instant time) {
        return finder.map(one ->
                        one.lines(value.reading().meter(), value.reading().dimensions(), time))
                .orElse(List.of());
    }

    /** The invoice that a close has made; empty while it is on its way. */
    private Optional<Invoice> invoiceOf(TenantControls.Close close) {
        return invoicesOf(close).stream().findFirst();
    }

    /** The invoice and the credit notes of a close. */
    private List<Invoice> invoicesOf(TenantControls.Close close) {
        return invoices.stream()
                .filter(invoice -> invoice.cut().get(0).offset() == close.offset()
                        && invoice.subscription().equals(close.marker().subscription()))
                .toList();
    }

    /** With the invoice only where it books the line; {@code effect} is "pending" until a close stands behind it, and "unbooked" while that may still make something. */
    private Map<String, @Nullable Object> late(
            String subscription,
            Period period,
            String line,
            TenantControls.@Nullable Close carrier,
            boolean isReported) {
        if (isReported) {
            Map<String, @Nullable Object> tree = line("late", subscription, period, line, Optional.empty(), null, null);
            tree.put("effect", "reported");
            return tree;
        }
        List<Invoice> carriers = carrier == null ? List.of() : invoicesOf(carrier);
        for (Invoice invoice : carriers) {
            Map<String, @Nullable Object> tree =
                    line("late", subscription, period, line, Optional.of(invoice), null, line);
            if (tree.containsKey("line")) {
                tree.put("effect", "adjusted");
                return tree;
            }
        }
        Map<String, @Nullable Object> tree = line("late", subscription, period, line, Optional.empty(), null, line);
        if (carrier == null) {
            tree.put("effect", "pending");
        } else {
            boolean isOver = !carriers.isEmpty() || carrier.offset() < closedTo;
            tree.put("effect", isOver ? "none" : "unbooked");
        }
        return tree;
    }

    private static Map<String, @Nullable Object> line(
            String state,
            String subscription,
            Period period,
            String line,
            Optional<Invoice> invoice,
            @Nullable String own,
            @Nullable String adjusted) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("state", state);
        tree.put("subscription", subscription);
        tree.put("periodStart", period.start().toString());
        tree.put("name", line);
        invoice.ifPresent(one -> {
            tree.put("invoice", one.id());
            tree.put("status", one.status().text());
            for (int i = 0; i < one.lines().size(); i++) {
                LineItem item = one.lines().get(i);
                LineItem.Adjusts adjusts = item.adjusts();
                boolean corrects = adjusts != null
                        && adjusts.period().equals(period)
                        && adjusts.line().equals(adjusted);
                if (item.line().equals(own) || corrects) {
                    tree.put("line", i + 1);
                }
            }
        });
        return tree;
    }
}
