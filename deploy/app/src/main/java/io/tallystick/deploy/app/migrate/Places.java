package io.tallystick.deploy.app.migrate;

import io.tallystick.schemas.event.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Where the records of a topic stand after they were copied: stretches that moved by the same number of offsets are one entry. */
final class Places {

    private final int partitionsAfter;
    private final List<TreeMap<Long, Long>> shifts = new ArrayList<>();

    Places(int partitionsBefore, int partitionsAfter) {
        this.partitionsAfter = partitionsAfter;
        for (int partition = 0; partition < partitionsBefore; partition++) {
            shifts.add(new TreeMap<>());
        }
    }

    /** The partition that another one's records are copied to. */
    int partition(int before) {
        return before % partitionsAfter;
    }

    /** The record at {@code before} stands at {@code after} now. Told in order of offsets. */
    void moved(Place before, long after) {
        TreeMap<Long, Long> of = shifts.get(before.partition());
        long shift = after - before.offset();
        Map.Entry<Long, Long> last = of.lastEntry();
        if (last == null || last.getValue() != shift) {
            of.put(before.offset(), shift);
        }
    }

    /** Where a record that was at {@code before} stands; empty when there was none in front of it either. */
    Optional<Place> of(Place before) {
        if (before.partition() < 0 || before.partition() >= shifts.size()) {
            return Optional.empty();
        }
        return Optional.ofNullable(shifts.get(before.partition()).floorEntry(before.offset()))
                .map(stretch -> new Place(partition(before.partition()), before.offset() + stretch.getValue()));
    }

    /** Where the end of the records in front of {@code end} stands: 0 when there were none. */
    long endOf(int partition, long end) {
        Map.Entry<Long, Long> stretch = shifts.get(partition).lowerEntry(end);
        return stretch == null ? 0 : end + stretch.getValue();
    }
}
