package io.tallystick.ingest.http;

import io.tallystick.schemas.event.RequestRefused;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * How much the gateway holds at one time, over all requests: bodies from the first byte that is read until their events are
 * acknowledged. What comes beyond it is answered 429, as bytes come in rather than as they are announced, so that nobody reserves
 * what he does not send.
 */
final class BodyAdmission {

    /** Requests between their first byte and their answer. Fewer than the server has threads: health and queries are answered too. */
    static final int REQUESTS_MAX = 128;

    /** Bytes of bodies between their arrival and their answer. */
    static final int BYTES_MAX = 64 << 20;

    private static final int CHUNK_BYTES = 64 << 10;
    private static final int RETRY_AFTER_SECONDS = 1;

    private final Semaphore requests = new Semaphore(REQUESTS_MAX);
    private final Semaphore bytes = new Semaphore(BYTES_MAX);
    private final int bodyBytesMax;

    /** @param bodyBytesMax larger bodies are refused for good, with 413 */
    BodyAdmission(int bodyBytesMax) {
        this.bodyBytesMax = bodyBytesMax;
    }

    /** A body that was let in; closing it makes room for another. */
    final class Body implements AutoCloseable {

        private final List<byte[]> chunks = new ArrayList<>();
        private int held;
        private int length;

        /**
         * Reads it to its end.
         *
         * @throws RequestRefused 413 when it is too long, 429 when there is no room for it now
         */
        byte[] read(InputStream in) throws IOException {
            while (true) {
                if (!bytes.tryAcquire(CHUNK_BYTES)) {
                    throw overloaded();
                }
                held += CHUNK_BYTES;
                byte[] chunk = in.readNBytes(CHUNK_BYTES);
                length += chunk.length;
                if (length > bodyBytesMax) {
                    throw new RequestRefused(
                            413,
                            "Content too large",
                            "the body has more than " + bodyBytesMax + " bytes; send smaller batches");
                }
                chunks.add(chunk);
                if (chunk.length < CHUNK_BYTES) {
                    return joined();
                }
            }
        }

        private byte[] joined() {
            byte[] whole = new byte[length];
            int at = 0;
            for (byte[] chunk : chunks) {
                System.arraycopy(chunk, 0, whole, at, chunk.length);
                at += chunk.length;
            }
            chunks.clear();
            return whole;
        }

        @Override
        public void close() {
            bytes.release(held);
            requests.release();
        }
    }

    /**
     * Lets a request in.
     *
     * @throws RequestRefused 429 when too many are under way
     */
    Body admit() {
        if (!requests.tryAcquire()) {
            throw overloaded();
        }
        return new Body();
    }

    private static RequestRefused overloaded() {
        return new RequestRefused(
                429,
                "Too many requests",
                "more is waiting for the brokers than fits; nothing of this request was published, send it again in a moment",
                List.of(),
                RETRY_AFTER_SECONDS);
    }
}
