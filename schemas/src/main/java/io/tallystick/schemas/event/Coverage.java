package io.tallystick.schemas.event;

/**
 * What a marker vouches for: how many records stand in front of it and the sum (modulo 2^64) of their 64-bit hashes, so that order does not matter.
 * The next stage computes it from its own state and refuses to go on when it differs.
 */
public record Coverage(long count, long hash) {

    public static final Coverage EMPTY = new Coverage(0, 0);

    /** One more record with this 64-bit hash. */
    public Coverage plus(long recordHash) {
        return new Coverage(count + 1, hash + recordHash);
    }
}
