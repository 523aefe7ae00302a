package io.tallystick.ingest.acceptance;

import io.tallystick.ingest.decode.DataPaths;
import io.tallystick.ingest.decode.DecodedEvent;
import io.tallystick.ingest.decode.EventTypes;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.event.Reading;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One meter by itself, to read events with that were accepted before there was such a meter. */
public final class LaterMeter implements EventTypes {

    private final Meter meter;
    private final TypeRules rules;

    /**
     * What it made of an event.
     *
     * @param reading null where the meter excludes the event, or cannot read it
     * @param unreadable why it cannot; else null
     */
    public record Outcome(
            @Nullable Reading reading, @Nullable String unreadable) {}

    public LaterMeter(Meter meter) {
        this.meter = meter;
        this.rules = new TypeRules(List.of(meter));
    }

    @Override
    public @Nullable DataPaths pathsOf(String type) {
        return type.equals(meter.eventType()) ? rules.paths() : null;
    }

    /**
     * @param event decoded with this
     * @param time that it was accepted with, milliseconds since the epoch
     */
    public Outcome read(DecodedEvent event, long time) {
        if (!event.type().equals(meter.eventType())) {
            return new Outcome(null, null);
        }
        try {
            return new Outcome(rules.read(event.data(), time)[0], null);
        } catch (UnreadableValue e) {
            return new Outcome(null, e.detail());
        }
    }
}
