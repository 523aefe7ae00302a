package io.tallystick.deploy.app.explain;

import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.EventVoided;
import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.event.Reading;
import io.tallystick.schemas.event.ReadingBackfilled;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The values of one meter that one line was made of: by hour all of them, by event one page. */
final class LineEvents {

    /**
     * One value, and the event it was read from.
     *
     * @param offset in {@code usage.accepted}
     * @param time when the usage happened, milliseconds since the epoch
     * @param place of the event in {@code usage.events}
     * @param revision of the catalogue that it was read under
     * @param isTakenBack whether the event was voided, which a correction gives back
     */
    record Value(
            long offset, long sequence, long time, Place place, int revision, Reading reading, boolean isTakenBack) {

        static List<Value> of(AcceptedRecord record, long offset) {
            if (record instanceof AcceptedEvent event) {
                return event.readings().stream()
                        .map(reading -> new Value(
                                offset,
                                event.sequence(),
                                event.time(),
                                event.place(),
                                event.revision(),
                                reading,
                                false))
                        .toList();
            }
            if (record instanceof ReadingBackfilled late) {
                return List.of(new Value(
                        offset, late.event(), late.time(), late.place(), late.revision(), late.reading(), false));
            }
            if (record instanceof EventVoided voided) {
                return voided.readings().stream()
                        .map(reading -> new Value(
                                offset,
                                voided.event(),
                                voided.time(),
                                voided.place(),
                                voided.revision(),
                                reading,
                                true))
                        .toList();
            }
            return List.of();
        }
    }

    /** What an hour adds: how many values, their sum where they are numbers, and where they stand in {@code usage.accepted}. */
    static final class Hour {
        private long count;
        private @Nullable BigDecimal sum;
        private long first;
        private long last;

        private void add(Value value) {
            if (count++ == 0) {
                first = value.offset();
            }
            last = value.offset();
            BigDecimal number = value.reading().value();
            if (number != null) {
                BigDecimal added = value.isTakenBack() ? number.negate() : number;
                sum = sum == null ? added : sum.add(added);
            }
        }

        long count() {
            return count;
        }

        @Nullable
        BigDecimal sum() {
            return sum;
        }

        long first() {
            return first;
        }

        long last() {
            return last;
        }
    }

    private final String meter;
    private final Period period;
    private final Predicate<Reading> isIn;
    private final long from;
    private final long after;
    private final int limit;
    private final LongPredicate isVoided;
    /** Events that came behind {@code from}: what voids them has nothing to give back. */
    private final Set<Long> since = new HashSet<>();

    private final SortedMap<Long, Hour> hours = new TreeMap<>();
    private final List<Value> page = new ArrayList<>();
    private long count;
    private boolean hasMore;

    /**
     * @param period of the line
     * @param isIn whether the line's prices take it
     * @param from the offset in {@code usage.accepted} that the line begins at: 0 but for corrections
     * @param after the offset behind which the page begins
     * @param isVoided whether the event of a sequence was voided in front of the line's close
     */
    LineEvents(
            String meter,
            Period period,
            Predicate<Reading> isIn,
            long from,
            long after,
            int limit,
            LongPredicate isVoided) {
        this.meter = meter;
        this.period = period;
        this.isIn = isIn;
        this.from = from;
        this.after = after;
        this.limit = limit;
        this.isVoided = isVoided;
    }

    void take(AcceptedRecord record, long offset) {
        if (offset < from) {
            return;
        }
        for (Value value : Value.of(record, offset)) {
            boolean counts = value.reading().meter().equals(meter)
                    && value.time() >= period.start().toEpochMilli()
                    && value.time() < period.end().toEpochMilli()
                    && isIn.test(value.reading())
                    && isLeft(value);
            if (counts) {
                add(value);
            }
        }
    }

    /** Not a value that was voided since, nor a void of what was never billed. */
    private boolean isLeft(Value value) {
        if (value.isTakenBack()) {
            return from > 0 && !since.contains(value.sequence());
        }
        since.add(value.sequence());
        return !isVoided.test(value.sequence());
    }

    private void add(Value value) {
        count++;
        hours.computeIfAbsent(HourWindow.hourOf(value.time()), hour -> new Hour())
                .add(value);
        if (value.offset() > after) {
            if (page.size() < limit) {
                page.add(value);
            } else {
                hasMore = true;
            }
        }
    }

    long count() {
        return count;
    }

    SortedMap<Long, Hour> hours() {
        return hours;
    }

    List<Value> page() {
        return page;
    }

    /** Behind which offset the next page begins; null when this is the last. */
    @Nullable
    Long next() {
        return hasMore ? Objects.requireNonNull(page.get(page.size() - 1)).offset() : null;
    }
}
