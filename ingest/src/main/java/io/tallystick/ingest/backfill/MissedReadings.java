package io.tallystick.ingest.backfill;

import io.tallystick.ingest.acceptance.LaterMeter;
import io.tallystick.ingest.backfill.AcceptedPast.PastEvent;
import io.tallystick.ingest.decode.EventDecoder;
import io.tallystick.ingest.decode.EventHeaders;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.event.BillingRequest.MissedReading;
import io.tallystick.schemas.event.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Reads one meter from events that are already accepted, out of their bytes in {@code usage.events}. */
final class MissedReadings {

    private final LaterMeter meter;
    private final UsageEvents events;
    private final EventDecoder decoder = new EventDecoder();

    /**
     * What came of a stretch.
     *
     * @param readings in the order of the accepted records
     * @param unreadable of each event that the meter cannot read, its place and why
     */
    record Found(List<MissedReading> readings, List<String> unreadable) {}

    MissedReadings(Meter meter, UsageEvents events) {
        this.meter = new LaterMeter(meter);
        this.events = events;
    }

    Found of(List<PastEvent> past) {
        Map<Place, PastEvent> byPlace = new HashMap<>();
        past.forEach(event -> byPlace.put(event.place(), event));
        List<MissedReading> readings = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        events.read(byPlace.keySet(), (place, record) -> {
                    PastEvent event = Objects.requireNonNull(byPlace.get(place));
                    LaterMeter.Outcome outcome =
                            meter.read(decoder.decode(record.value(), headers(record), meter), event.time());
                    if (outcome.reading() != null) {
                        readings.add(new MissedReading(
                                event.offset(),
                                event.tenant(),
                                event.sequence(),
                                place,
                                event.time(),
                                outcome.reading()));
                    } else if (outcome.unreadable() != null) {
                        unreadable.add(place + ": " + outcome.unreadable());
                    }
                })
                .forEach(place -> unreadable.add(place + ": the event is no longer in its topic"));
        readings.sort(Comparator.comparingLong(MissedReading::offset));
        return new Found(readings, unreadable);
    }

    private static EventHeaders headers(ConsumerRecord<byte[], byte[]> record) {
        return visitor -> {
            for (Header header : record.headers()) {
                visitor.accept(header.key(), header.value());
            }
        };
    }
}
