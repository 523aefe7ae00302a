package io.tallystick.ingest.backfill;

import io.tallystick.schemas.event.BillingRequest.MissedReading;
import io.tallystick.schemas.event.BillingRequest.ReadingsBackfilled;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * How far one meter is filled in one partition: a function of the requests in front, worked out alike by the task that takes them and by whoever makes
 * them. A run covers the times in {@code [from, until)} and goes through {@code usage.accepted} once, up to the first event that was decided with the
 * meter; a later run may only go further back in time, where the one before began.
 *
 * @param from of the run under way, or of the last one
 * @param until of the same
 * @param filledTo the offset in {@code usage.accepted} that the run has reached
 * @param isComplete whether the run is through
 */
public record BackfillProgress(long from, long until, long filledTo, boolean isComplete) {

    /** Nothing is filled: like a run behind the end of time. */
    public static final BackfillProgress NONE = new BackfillProgress(Long.MAX_VALUE, Long.MAX_VALUE, 0, true);

    private static final int BYTES = 3 * Long.BYTES + 1;

    /** What is still to be taken of a request: nothing of one that repeats, and nothing of one that does not follow. */
    public List<MissedReading> missing(ReadingsBackfilled request) {
        if (!follows(request)) {
            return List.of();
        }
        long reached = isComplete ? 0 : filledTo;
        return request.readings().stream()
                .filter(reading -> reading.offset() >= reached)
                .toList();
    }

    /** As it stands behind a request. */
    public BackfillProgress after(ReadingsBackfilled request) {
        return follows(request)
                ? new BackfillProgress(request.from(), request.until(), request.endOffset(), request.isLast())
                : this;
    }

    private boolean follows(ReadingsBackfilled request) {
        if (isComplete) {
            return request.until() == from && request.from() < from && request.startOffset() == 0;
        }
        return request.from() == from
                && request.until() == until
                && request.startOffset() <= filledTo
                && request.endOffset() > filledTo;
    }

    /** Whether everything from {@code time} on is filled. */
    public boolean covers(long time) {
        return isComplete && from <= time;
    }

    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(from)
                .putLong(until)
                .putLong(filledTo)
                .put((byte) (isComplete ? 1 : 0))
                .array();
    }

    /** Reads what {@link #toBytes} wrote. */
    public static BackfillProgress of(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new BackfillProgress(in.getLong(), in.getLong(), in.getLong(), in.get() == 1);
    }
}
