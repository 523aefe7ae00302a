package io.tallystick.deploy.app.cost;

import io.tallystick.schemas.event.Alert;
import java.util.List;

/** Tells people something once, however often and by however many processes it is said. */
@FunctionalInterface
public interface AlertOnce {

    /**
     * Writes those that are not there yet, all or none.
     *
     * @return how many were written
     * @throws RuntimeException when it is not certain; to say it again is harmless
     */
    int tell(List<Alert> alerts);
}
