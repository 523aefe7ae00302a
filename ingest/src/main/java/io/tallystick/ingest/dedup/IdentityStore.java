package io.tallystick.ingest.dedup;

import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Place;
import org.jspecify.annotations.Nullable;

/** The identities of accepted events of one partition, with what is needed to tell a duplicate from a conflict. Used by one thread. */
public interface IdentityStore {

    /**
     * What was accepted under an identity.
     *
     * @param contentHash under {@code revision}
     * @param place in {@code usage.events}
     * @param recordTime of its record, milliseconds since the epoch
     */
    record Entry(long contentHash, Place place, long recordTime, int revision) {}

    /** The entry of an identity; null when it was never accepted. One that may be forgotten may be found or not. */
    @Nullable
    Entry find(Identity identity);

    /** Remembers an accepted event. */
    void add(Identity identity, Entry entry);

    /**
     * What the store holds back is made durable in the commit that is under way.
     *
     * @param forgettableBefore entries of a record time before this may be forgotten
     */
    void beforeCommit(long forgettableBefore);

    /** Of entries with a record time before this some may have been forgotten; the smallest long when none has. */
    long forgottenBefore();

    /** Gives up everything that is not durable. */
    void close();
}
