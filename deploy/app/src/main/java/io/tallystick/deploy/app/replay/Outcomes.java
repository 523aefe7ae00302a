package io.tallystick.deploy.app.replay;

import io.tallystick.ingest.acceptance.Reason;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the log says became of each record of one partition of {@code usage.events}, by offset: about 30 bytes each. Several threads may say what became of one. */
final class Outcomes {

    private static final int PARTITION_SHIFT = 48;
    private static final List<Reason> REASONS = List.of(Reason.values());

    private long[] fingerprints = new long[1024];
    private long[] places = new long[1024];
    private int[] revisions = new int[1024];
    private byte[] reasons = new byte[1024];

    /** The event was accepted: false when it stands as accepted already. */
    synchronized boolean accepted(long offset, long fingerprint, int revision, int partition, long place) {
        int at = ensure(offset);
        if (places[at] != 0) {
            return false;
        }
        fingerprints[at] = fingerprint;
        revisions[at] = revision;
        places[at] = ((long) partition << PARTITION_SHIFT | place) + 1;
        return true;
    }

    /** The event was rejected: false when it stands as rejected already. */
    synchronized boolean rejected(long offset, Reason reason, int revision) {
        int at = ensure(offset);
        if (reasons[at] != 0) {
            return false;
        }
        reasons[at] = (byte) (REASONS.indexOf(reason) + 1);
        if (places[at] == 0) {
            revisions[at] = revision;
        }
        return true;
    }

    boolean isAccepted(long offset) {
        return offset < places.length && places[(int) offset] != 0;
    }

    long fingerprint(long offset) {
        return fingerprints[(int) offset];
    }

    /** Under which the event was decided. */
    int revision(long offset) {
        return revisions[(int) offset];
    }

    /** Where it stands in {@code usage.accepted}. */
    String place(long offset) {
        long packed = places[(int) offset] - 1;
        return (packed >>> PARTITION_SHIFT) + "@" + (packed & (1L << PARTITION_SHIFT) - 1);
    }

    @Nullable
    Reason reason(long offset) {
        return offset < reasons.length && reasons[(int) offset] != 0 ? REASONS.get(reasons[(int) offset] - 1) : null;
    }

    /** The offsets that have an outcome end here. */
    long end() {
        return places.length;
    }

    /** Forgets a record that is looked at. */
    void done(long offset) {
        if (offset < places.length) {
            places[(int) offset] = 0;
            reasons[(int) offset] = 0;
        }
    }

    private int ensure(long offset) {
        int at = Math.toIntExact(offset);
        if (at >= places.length) {
            int length = Math.max(at + 1, places.length * 2);
            fingerprints = Arrays.copyOf(fingerprints, length);
            places = Arrays.copyOf(places, length);
            revisions = Arrays.copyOf(revisions, length);
            reasons = Arrays.copyOf(reasons, length);
        }
        return at;
    }
}
