package io.tallystick.ingest.http;

import io.tallystick.ingest.acceptance.Acceptance;
import io.tallystick.ingest.acceptance.Reason;
import io.tallystick.ingest.acceptance.Rejection;
import io.tallystick.ingest.decode.DecodedEvent;
import io.tallystick.ingest.decode.EventDecoder;
import io.tallystick.ingest.decode.EventTypes;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One event of a request, as it will stand on {@code usage.events}: the bytes that came, with Kafka headers in binary mode. */
final class IncomingEvent {

    private static final EventDecoder DECODER = new EventDecoder();

    private final List<Map.Entry<String, byte[]>> headers;
    private final byte[] value;
    private final DecodedEvent envelope;

    private IncomingEvent(List<Map.Entry<String, byte[]>> headers, byte[] value) {
        this.headers = headers;
        this.value = value;
        this.envelope = DECODER.decode(
                value,
                visitor -> headers.forEach(header -> visitor.accept(header.getKey(), header.getValue())),
                EventTypes.NONE);
    }

    /** @param headers names as on Kafka ({@code ce_…}, {@code content-type}); none in structured mode */
    static IncomingEvent of(List<Map.Entry<String, byte[]>> headers, byte[] value) {
        return new IncomingEvent(List.copyOf(headers), value);
    }

    /** What the gateway checks: size, envelope and the syntax of the time; null when nothing is wrong with them. */
    @Nullable
    Rejection fault() {
        long besides = 0;
        for (Map.Entry<String, byte[]> header : headers) {
            besides += Acceptance.HEADER_BYTES + header.getKey().length() + header.getValue().length;
        }
        return Acceptance.isTooLarge(value.length, besides)
                ? new Rejection(Reason.TOO_LARGE, "the event has more than " + Acceptance.EVENT_BYTES_MAX + " bytes")
                : Acceptance.ofEnvelope(envelope);
    }

    /** Only of an event without fault. */
    String tenant() {
        return String.valueOf(envelope.subject());
    }

    List<Map.Entry<String, byte[]>> headers() {
        return headers;
    }

    byte[] value() {
        return value;
    }
}
