package io.tallystick.rater.stream;

import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.catalog.Subscription.LateUsage;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.ChargeLine;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.value.Fraction;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Which corrections are on which invoice: what a reissue must carry once more, and what it must not bill again because another
 * invoice has it.
 */
final class AdjustmentLedger {

    /** Stands where a period's start does for what is on credit notes and adjustment invoices, which are not issued again. */
    private static final String APART = "";

    private final KeyValueStore<String, byte[]> store;

    /** @param store by tenant, subscription, start of the carrying period, and line */
    AdjustmentLedger(KeyValueStore<String, byte[]> store) {
        this.store = store;
    }

    /** Notes the lines as being on the invoice of {@code carrier}, or on one of their own. */
    void carry(Subscription subscription, Optional<Period> carrier, List<LineItem> lines) {
        for (LineItem line : lines) {
            boolean onNote = subscription.lateUsage() == LateUsage.CREDIT_NOTE
                    && line.amount().signum() < 0;
            String invoice =
                    onNote || carrier.isEmpty() ? APART : carrier.get().start().toString();
            String key = SubscriptionBook.key(subscription.tenant(), subscription.subscription(), invoice, line.line());
            byte @Nullable [] known = store.get(key);
            LineItem sum = known == null ? line : sum(line(known), line);
            store.put(key, encoded(subscription, sum));
        }
    }

    /** The corrections of other periods on the invoice of one. */
    List<LineItem> carriedBy(Subscription subscription, Period carrier) {
        return List.copyOf(entries(SubscriptionBook.prefix(
                        subscription.tenant(),
                        subscription.subscription(),
                        carrier.start().toString()))
                .values());
    }

    /** The lines that take back, from a new bill of the period, the corrections of it that other invoices have. */
    List<LineItem> takingBack(Subscription subscription, Period corrected) {
        SortedMap<String, LineItem> elsewhere = new TreeMap<>();
        entries(SubscriptionBook.prefix(subscription.tenant(), subscription.subscription()))
                .values()
                .forEach(line -> {
                    LineItem.Adjusts adjusts = line.adjusts();
                    if (adjusts != null && adjusts.period().equals(corrected)) {
                        elsewhere.merge(line.line(), line, AdjustmentLedger::sum);
                    }
                });
        List<LineItem> lines = new ArrayList<>();
        for (LineItem line : elsewhere.values()) {
            if (line.amount().signum() != 0) {
                lines.add(with(
                        line,
                        "On another invoice: " + line.description(),
                        negated(line.metered()),
                        negated(line.quantity()),
                        negated(line.billable()),
                        line.amount().negate()));
            }
        }
        return lines;
    }

    /** A period takes no corrections any more, and is not issued again. */
    void forget(String tenant, String subscription, Instant start) {
        List<String> old = new ArrayList<>();
        entries(SubscriptionBook.prefix(tenant, subscription)).forEach((key, line) -> {
            // A key's third element is the carrier; what was carried apart goes with the period that it corrects.
            LineItem.Adjusts adjusts = line.adjusts();
            boolean apart = key.startsWith(SubscriptionBook.prefix(tenant, subscription, APART));
            boolean corrects = adjusts != null && adjusts.period().start().equals(start);
            if (apart ? corrects : SubscriptionBook.startOf(key).equals(start)) {
                old.add(key);
            }
        });
        old.forEach(store::delete);
    }

    private SortedMap<String, LineItem> entries(String prefix) {
        SortedMap<String, LineItem> lines = new TreeMap<>();
        try (KeyValueIterator<String, byte[]> entries = store.prefixScan(prefix, new StringSerializer())) {
            while (entries.hasNext()) {
                KeyValue<String, byte[]> entry = entries.next();
                lines.put(entry.key, line(entry.value));
            }
        }
        return lines;
    }

    private static LineItem sum(LineItem one, LineItem other) {
        return with(
                other,
                other.description(),
                sum(one.metered(), other.metered()),
                sum(one.quantity(), other.quantity()),
                sum(one.billable(), other.billable()),
                one.amount().add(other.amount()));
    }

    private static LineItem with(
            LineItem line,
            String description,
            @Nullable BigDecimal metered,
            @Nullable BigDecimal quantity,
            @Nullable BigDecimal billable,
            BigDecimal amount) {
        return new LineItem(
                line.line(),
                line.kind(),
                line.charge(),
                line.meter(),
                description,
                line.dimensions(),
                metered,
                quantity,
                null,
                billable,
                null,
                amount,
                Fraction.of(amount),
                line.pricingVersion(),
                line.period(),
                List.of(),
                line.adjusts());
    }

    private static @Nullable BigDecimal sum(@Nullable BigDecimal one, @Nullable BigDecimal other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.add(other);
    }

    private static @Nullable BigDecimal negated(@Nullable BigDecimal value) {
        return value == null ? null : value.negate();
    }

    private static byte[] encoded(Subscription subscription, LineItem line) {
        LineItem.Adjusts adjusts = line.adjusts();
        if (adjusts == null) {
            throw new IllegalArgumentException("a correction that corrects nothing: " + line.line());
        }
        return TopicCodecs.CHARGES.encode(
                new ChargeLine(subscription.tenant(), 0, subscription.subscription(), adjusts.period(), 0, "", line));
    }

    private static LineItem line(byte[] encoded) {
        return ((ChargeLine) TopicCodecs.CHARGES.decode(encoded)).line();
    }
}
