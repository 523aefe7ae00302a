package io.tallystick.aggregator.stream;

import io.tallystick.aggregator.stream.StoredWindows.Part;
import io.tallystick.schemas.event.Reading;
import io.tallystick.schemas.value.CountSum;
import io.tallystick.schemas.value.EventValues;
import io.tallystick.schemas.value.UniqueValues;
import io.tallystick.schemas.value.WindowKind;
import io.tallystick.schemas.value.WindowState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One hour of one meter and dimension combination while events are added to it. A state that grows with its events becomes full at {@value #PART_BYTES}
 * bytes and goes on in a new part, so that a commit never rewrites more than that much of what it has written before. When a part is full depends on the
 * events in it alone: every run over the same log cuts the same parts.
 */
final class OpenWindow {

    static final int PART_BYTES = 4096;

    private static final UniqueValues SEEN_BEFORE = new UniqueValues(1, Collections.emptySortedSet());

    private final WindowKind kind;
    private int part;
    private long sequence;
    private WindowState.Builder builder;
    private List<Part> full = List.of();
    private @Nullable Set<String> textsOfFullParts;
    private int bytesOfFullParts;

    private OpenWindow(WindowKind kind, Part start) {
        this.kind = kind;
        this.part = start.part();
        this.sequence = start.sequence();
        this.builder = start.state().toBuilder();
    }

    static OpenWindow empty(WindowKind kind) {
        return new OpenWindow(kind, new Part(0, 0, kind.empty()));
    }

    static OpenWindow from(Part stored) {
        return new OpenWindow(stored.state().kind(), stored);
    }

    /**
     * @param order the sequence of the event
     * @param recordSequence of the record that brought it
     * @param fullParts the states of the window's full parts, by number
     */
    void add(Reading reading, long time, long order, long recordSequence, IntFunction<WindowState> fullParts) {
        if (isInFullPart(reading.text(), fullParts)) {
            builder.merge(SEEN_BEFORE);
        } else {
            builder.add(reading.value(), reading.text(), time, order);
        }
        sequence = recordSequence;
        if (kind.grows() && builder.bytes() >= PART_BYTES) {
            closePart();
        }
    }

    /**
     * Takes a reading back from a state that can give it back; everything must be flushed.
     *
     * @param fullParts the window's full parts, by number
     */
    void takeBack(Reading reading, long time, long order, long recordSequence, IntFunction<Part> fullParts) {
        sequence = recordSequence;
        WindowState state = builder.state();
        if (state instanceof CountSum countSum) {
            builder = countSum.without(reading.value()).toBuilder();
            return;
        }
        EventValues values = (EventValues) state;
        if (values.has(time, order)) {
            builder = values.without(time, order).toBuilder();
            return;
        }
        for (int number = 0; number < part; number++) {
            EventValues earlier = (EventValues) fullParts.apply(number).state();
            if (earlier.has(time, order)) {
                addFull(new Part(number, recordSequence, earlier.without(time, order)));
                return;
            }
        }
        throw new IllegalStateException("the window does not have the value of event " + order);
    }

    /** Says which record has changed it last. */
    void touched(long recordSequence) {
        sequence = recordSequence;
    }

    private boolean isInFullPart(@Nullable String text, IntFunction<WindowState> fullParts) {
        if (part == 0 || text == null) {
            return false;
        }
        if (textsOfFullParts == null) {
            textsOfFullParts = new HashSet<>();
            for (int number = 0; number < part; number++) {
                remember(((UniqueValues) fullParts.apply(number)).texts());
            }
        }
        return textsOfFullParts.contains(text);
    }

    private void closePart() {
        Part closed = new Part(part, sequence, builder.state());
        if (closed.state() instanceof UniqueValues unique && (part == 0 || textsOfFullParts != null)) {
            if (textsOfFullParts == null) {
                textsOfFullParts = new HashSet<>();
            }
            remember(unique.texts());
        }
        addFull(closed);
        part++;
        builder = kind.empty().toBuilder();
    }

    /** Few windows ever have one. */
    private void addFull(Part part) {
        if (full.isEmpty()) {
            full = new ArrayList<>();
        }
        full.add(part);
    }

    private void remember(SortedSet<String> texts) {
        if (textsOfFullParts != null) {
            textsOfFullParts.addAll(texts);
            texts.forEach(text -> bytesOfFullParts += text.length());
        }
    }

    /** The parts that became full, or changed when they were, since they were last taken. */
    List<Part> takeFull() {
        List<Part> taken = full;
        full = List.of();
        return taken;
    }

    /** The number of the part that events are added to now. */
    int part() {
        return part;
    }

    /** The part that events are added to now. */
    Part open() {
        return new Part(part, sequence, builder.state());
    }

    /** About how many bytes it takes on the heap. */
    int heapBytes() {
        return 200 + 4 * (builder.bytes() + PART_BYTES * full.size() + bytesOfFullParts);
    }
}
