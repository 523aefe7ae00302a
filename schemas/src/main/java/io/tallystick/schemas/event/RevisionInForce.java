package io.tallystick.schemas.event;

/**
 * From here on, in this partition, a catalogue revision is in force. It concerns every tenant of the partition: its own tenant is "".
 *
 * @param partition the partition it stands in, on every topic it travels through
 * @param revision its number; never lower than the one before
 * @param hash of the revision's content
 */
public record RevisionInForce(int shard, long sequence, int partition, int revision, String hash) implements Control {

    @Override
    public String tenant() {
        return "";
    }
}
