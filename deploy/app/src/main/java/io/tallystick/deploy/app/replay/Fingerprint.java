package io.tallystick.deploy.app.replay;

import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.AcceptedEvent;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** 64 bits over an accepted event, without its sequence, which is the order of arrival. For one thread. */
final class Fingerprint {

    private final MessageDigest digest;

    Fingerprint() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    long of(AcceptedEvent event) {
        byte[] encoded = TopicCodecs.ACCEPTED.encode(new AcceptedEvent(
                event.tenant(),
                event.shard(),
                0,
                event.place(),
                event.identity(),
                event.contentHash(),
                event.revision(),
                event.time(),
                event.recordTime(),
                event.readings()));
        return ByteBuffer.wrap(digest.digest(encoded)).getLong();
    }
}
