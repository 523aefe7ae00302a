package io.tallystick.schemas.value;

/** The exact state of one meter in one window: small, mergeable, and enough to answer without reading the events again. */
public sealed interface WindowState permits CountSum {

    /** The state of both windows together; both must be of the same kind. */
    WindowState merge(WindowState other);
}
