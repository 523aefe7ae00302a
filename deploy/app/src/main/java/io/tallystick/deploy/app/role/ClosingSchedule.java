package io.tallystick.deploy.app.role;

import io.tallystick.invoicer.stream.CloseScheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a process does by the clock about periods and drafts.
 *
 * @param closes whether it asks for the close of periods that are over
 * @param grace how long after a period's end it asks
 * @param review how long a draft waits until it is finalized by itself, or null to wait for somebody who finalizes it
 */
public record ClosingSchedule(
        boolean closes, Duration grace, @Nullable Duration review) {

    /** Nothing happens by itself. */
    public static final ClosingSchedule MANUAL = new ClosingSchedule(false, CloseScheduler.GRACE, null);
}
