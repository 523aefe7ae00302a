package io.tallystick.schemas.event;

/** Where a record stands in a topic that is known from the context. */
public record Place(int partition, long offset) {

    @Override
    public String toString() {
        return partition + "@" + offset;
    }
}
