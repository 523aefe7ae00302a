package io.tallystick.deploy.app.explain;

import io.tallystick.deploy.app.replay.LogSource;
import io.tallystick.deploy.app.replay.RecordedRevisions;
import io.tallystick.rater.pricing.LineFinder;
import io.tallystick.schemas.event.Cut;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.LineItemJson;
import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.event.Reading;
import io.tallystick.schemas.value.DecimalText;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Says why a line of an invoice is what it is: what it was rated by and each step of it, the hours it is the sum of, the places of those in the log,
 * and the events themselves. Everything is read from the log again, in front of the invoice's cut.
 */
public final class Explainer {

    /** Which events of a line: at most {@code limit} behind the offset {@code after} of {@code usage.accepted}. */
    public record Page(long after, int limit) {
        public static final int LIMIT_MAX = 1_000;
        public static final Page FIRST = new Page(-1, 100);
    }

    private final LogSource source;

    public Explainer(LogSource source) {
        this.source = source;
    }

    /** Every line, without its events. */
    public Map<String, @Nullable Object> explain(Invoice invoice) {
        TenantControls controls = controls(invoice);
        RecordedRevisions revisions = RecordedRevisions.read(source);
        Map<String, @Nullable Object> tree = head(invoice);
        List<Map<String, @Nullable Object>> lines = new ArrayList<>();
        for (int line = 1; line <= invoice.lines().size(); line++) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            LineItem item = invoice.lines().get(line - 1);
            addItem(one, line, item, invoice, finder(invoice, item, controls, revisions));
            lines.add(one);
        }
        tree.put("lines", lines);
        return tree;
    }

    /** @param line from 1, in the invoice's order */
    public Map<String, @Nullable Object> explain(Invoice invoice, int line, Page page) {
        LineItem item = invoice.lines().get(line - 1);
        TenantControls controls = controls(invoice);
        RecordedRevisions revisions = RecordedRevisions.read(source);
        Optional<LineFinder> finder = finder(invoice, item, controls, revisions);
        Map<String, @Nullable Object> tree = head(invoice);
        addItem(tree, line, item, invoice, finder);
        LineEvents events = events(invoice, item, controls, finder, page);
        TenantControls.forEach(source, invoice.tenant(), cut(invoice).offset(), events::take);
        tree.put("windows", windows(events));
        Map<String, @Nullable Object> listed = new LinkedHashMap<>();
        listed.put("count", events.count());
        listed.put("data", data(events));
        Long next = events.next();
        listed.put("next", next == null ? null : next.toString());
        tree.put("events", listed);
        return tree;
    }

    private TenantControls controls(Invoice invoice) {
        TenantControls controls = new TenantControls();
        TenantControls.forEach(source, invoice.tenant(), cut(invoice).offset(), controls::take);
        return controls;
    }

    /** How usage was grouped when the period of the line, which for a correction is an earlier one, was closed. */
    private static Optional<LineFinder> finder(
            Invoice invoice, LineItem item, TenantControls controls, RecordedRevisions revisions) {
        LineItem.Adjusts adjusts = item.adjusts();
        if (adjusts != null) {
            return controls.closeOf(
                            invoice.subscription(),
                            adjusts.period(),
                            cut(invoice).offset())
                    .flatMap(close -> controls.finder(revisions, close));
        }
        return controls.subscription(invoice.subscription(), cut(invoice).offset())
                .map(subscription -> new LineFinder(
                        revisions.revision(invoice.revision()).catalog(), subscription, invoice.period()));
    }

    private static LineEvents events(
            Invoice invoice, LineItem item, TenantControls controls, Optional<LineFinder> finder, Page page) {
        LineItem.Adjusts adjusts = item.adjusts();
        String meter = item.meter();
        long cut = cut(invoice).offset();
        // Of a correction: what came between the close before and this one.
        long from = adjusts == null
                ? 0
                : controls.closeBefore(invoice.subscription(), cut)
                        .map(TenantControls.Close::offset)
                        .orElse(0L);
        String name = adjusts == null ? item.line() : adjusts.line();
        Predicate<Reading> isIn =
                reading -> finder.isPresent() && finder.get().isIn(name, reading.meter(), reading.dimensions());
        Period period = item.period();
        return new LineEvents(
                meter == null ? "" : meter,
                period,
                isIn,
                from,
                page.after(),
                page.limit(),
                event -> controls.voidOf(event).isPresent());
    }

    private static void addItem(
            Map<String, @Nullable Object> tree, int line, LineItem item, Invoice invoice, Optional<LineFinder> finder) {
        tree.put("line", line);
        tree.put("item", LineItemJson.tree(item));
        tree.put("steps", LineSteps.of(item, invoice.currency(), finder.flatMap(one -> one.terms(item.line()))));
    }

    private static Map<String, @Nullable Object> head(Invoice invoice) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("invoice", invoice.id());
        tree.put("number", invoice.number());
        tree.put("tenant", invoice.tenant());
        tree.put("currency", invoice.currency());
        tree.put("digest", invoice.digest());
        tree.put("catalogRevision", invoice.catalogRevision());
        tree.put("cut", place(cut(invoice).partition(), cut(invoice).offset()));
        return tree;
    }

    private List<Map<String, @Nullable Object>> windows(LineEvents events) {
        List<Map<String, @Nullable Object>> windows = new ArrayList<>();
        events.hours().forEach((hour, content) -> {
            Map<String, @Nullable Object> window = new LinkedHashMap<>();
            window.put("windowStart", HourWindow.startOf(hour).toString());
            window.put("windowEnd", HourWindow.startOf(hour + 1).toString());
            window.put("events", content.count());
            window.put("sum", content.sum() == null ? null : DecimalText.canonical(content.sum()));
            window.put("firstOffset", content.first());
            window.put("lastOffset", content.last());
            windows.add(window);
        });
        return windows;
    }

    private List<Map<String, @Nullable Object>> data(LineEvents events) {
        RawEvents raw = RawEvents.read(
                source, events.page().stream().map(LineEvents.Value::place).toList());
        List<Map<String, @Nullable Object>> data = new ArrayList<>();
        for (LineEvents.Value value : events.page()) {
            Map<String, @Nullable Object> tree = new LinkedHashMap<>();
            Place place = value.place();
            tree.put("time", Instant.ofEpochMilli(value.time()).toString());
            addReading(tree, value.reading());
            tree.put("sequence", value.sequence());
            tree.put("acceptedOffset", value.offset());
            tree.put("place", place(place.partition(), place.offset()));
            tree.put("revision", value.revision());
            if (value.isTakenBack()) {
                tree.put("voided", true);
            }
            tree.put("event", raw.tree(place));
            data.add(tree);
        }
        return data;
    }

    static void addReading(Map<String, @Nullable Object> tree, Reading reading) {
        tree.put("meter", reading.meter());
        tree.put("dimensions", reading.dimensions().values());
        if (reading.value() != null) {
            tree.put("value", DecimalText.canonical(reading.value()));
        } else {
            tree.put("value", reading.text() == null ? "1" : reading.text());
        }
    }

    static Map<String, @Nullable Object> place(int partition, long offset) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("partition", partition);
        tree.put("offset", offset);
        return tree;
    }

    private static Cut cut(Invoice invoice) {
        return invoice.cut().get(0); // a tenant lives in one partition
    }
}
