package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.Coverage;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What the close marker of a period vouches for on {@code billing.charges}: every line and shadow of the subscription and period that stands in front of
 * it, last value per key, each by the first eight bytes of SHA-256 over the record's value <em>as it was written</em>.
 *
 * <p>Bytes and not values: a record that an earlier release wrote is hashed as it stands on the topic, not as this release would write it.
 */
public final class ChargesCoverage {

    private ChargesCoverage() {}

    /** One more line or shadow, given as the bytes of its value on the topic. */
    public static Coverage plus(Coverage coverage, byte[] value) {
        return coverage.plus(hashOf(value));
    }

    /** The hash of one line or shadow, given as the bytes of its value on the topic. */
    public static long hashOf(byte[] value) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(value))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
