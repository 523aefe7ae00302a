package io.tallystick.deploy.app.replay;

import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The identities that were accepted in one partition of {@code usage.accepted}: an open-addressed table of 70 to 140 bytes each, since there are as many as events. Filled
 * by one thread, then read by any.
 */
final class AcceptedIdentities {

    private static final int CAPACITY_MIN = 1 << 10;
    private static final int EMPTY = -1;

    private long[] high = new long[CAPACITY_MIN];
    private long[] low = new long[CAPACITY_MIN];
    private long[] contentHashes = new long[CAPACITY_MIN];
    private long[] recordTimes = new long[CAPACITY_MIN];
    private long[] offsets = new long[CAPACITY_MIN];
    private int[] partitions = empty(CAPACITY_MIN);
    private int[] revisions = new int[CAPACITY_MIN];
    /** The number in {@link #forgotten} of who had the identity before, plus one: hardly ever any. */
    private int[] before = new int[CAPACITY_MIN];

    private final List<Taken> forgotten = new ArrayList<>();
    private int size;

    /** An accepted event of an identity, and the one of that identity before it. */
    record Taken(
            long contentHash,
            int revision,
            long recordTime,
            Place place,
            @Nullable Taken before) {}

    @Nullable
    Taken of(Identity identity) {
        int slot = slot(identity.high(), identity.low());
        return partitions[slot] == EMPTY ? null : at(slot);
    }

    /** Gives the one before it, if there is one. */
    @Nullable
    Taken add(AcceptedEvent event) {
        if (size * 4L >= high.length * 3L) {
            grow();
        }
        int slot = slot(event.identity().high(), event.identity().low());
        Taken earlier = partitions[slot] == EMPTY ? null : at(slot);
        if (earlier == null) {
            high[slot] = event.identity().high();
            low[slot] = event.identity().low();
            size++;
        } else {
            forgotten.add(earlier);
            before[slot] = forgotten.size();
        }
        contentHashes[slot] = event.contentHash();
        recordTimes[slot] = event.recordTime();
        offsets[slot] = event.place().offset();
        partitions[slot] = event.place().partition();
        revisions[slot] = event.revision();
        return earlier;
    }

    private Taken at(int slot) {
        return new Taken(
                contentHashes[slot],
                revisions[slot],
                recordTimes[slot],
                new Place(partitions[slot], offsets[slot]),
                before[slot] == 0 ? null : forgotten.get(before[slot] - 1));
    }

    /** Where the identity is, or where it would be. */
    private int slot(long highBits, long lowBits) {
        int mask = high.length - 1;
        int slot = (int) (lowBits ^ lowBits >>> 32) & mask; // of a hash already
        while (partitions[slot] != EMPTY && (high[slot] != highBits || low[slot] != lowBits)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldHigh = high;
        long[] oldLow = low;
        long[] oldContentHashes = contentHashes;
        long[] oldRecordTimes = recordTimes;
        long[] oldOffsets = offsets;
        int[] oldPartitions = partitions;
        int[] oldRevisions = revisions;
        int[] oldBefore = before;
        int capacity = Math.multiplyExact(oldHigh.length, 2);
        high = new long[capacity];
        low = new long[capacity];
        contentHashes = new long[capacity];
        recordTimes = new long[capacity];
        offsets = new long[capacity];
        partitions = empty(capacity);
        revisions = new int[capacity];
        before = new int[capacity];
        for (int old = 0; old < oldHigh.length; old++) {
            if (oldPartitions[old] != EMPTY) {
                int slot = slot(oldHigh[old], oldLow[old]);
                high[slot] = oldHigh[old];
                low[slot] = oldLow[old];
                contentHashes[slot] = oldContentHashes[old];
                recordTimes[slot] = oldRecordTimes[old];
                offsets[slot] = oldOffsets[old];
                partitions[slot] = oldPartitions[old];
                revisions[slot] = oldRevisions[old];
                before[slot] = oldBefore[old];
            }
        }
    }

    private static int[] empty(int capacity) {
        int[] partitions = new int[capacity];
        Arrays.fill(partitions, EMPTY);
        return partitions;
    }
}
