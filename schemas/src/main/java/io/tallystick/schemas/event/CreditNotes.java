package io.tallystick.schemas.event;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which lines of a close go on credit notes, where its subscription wants these: one note for each earlier period that became cheaper. */
public final class CreditNotes {

    private CreditNotes() {}

    /**
     * The lines of each note, by the start of the period that it is about: the corrections that take something off, and with them what goes back to prepaid
     * credit, unless the note would ask for money then.
     *
     * @param lines everything of a close
     */
    public static SortedMap<Instant, List<LineItem>> of(List<LineItem> lines) {
        SortedMap<Instant, List<LineItem>> notes = new TreeMap<>();
        SortedMap<Instant, List<LineItem>> givenBack = new TreeMap<>();
        for (LineItem line : lines) {
            LineItem.Adjusts adjusts = line.adjusts();
            if (adjusts != null && (line.isGivenBack() || line.amount().signum() < 0)) {
                (line.isGivenBack() ? givenBack : notes)
                        .computeIfAbsent(adjusts.period().start(), start -> new ArrayList<>())
                        .add(line);
            }
        }
        notes.forEach((start, note) -> {
            List<LineItem> back = givenBack.getOrDefault(start, List.of());
            if (sum(note).add(sum(back)).signum() <= 0) {
                note.addAll(back);
            }
        });
        return notes;
    }

    private static BigDecimal sum(List<LineItem> lines) {
        return lines.stream().map(LineItem::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
