package io.tallystick.deploy.app.replay;

/**
 * One difference between what stands and what follows from the log.
 *
 * @param place the topic, partition and offset, the file, or the invoice
 * @param difference what stands there, and what would follow
 */
public record Finding(String place, String difference) implements Comparable<Finding> {

    /** A record of a topic. */
    static Finding at(String topic, int partition, long offset, String difference) {
        return new Finding(topic + " " + partition + "@" + offset, difference);
    }

    @Override
    public int compareTo(Finding other) {
        int byPlace = place.compareTo(other.place);
        return byPlace != 0 ? byPlace : difference.compareTo(other.difference);
    }
}
