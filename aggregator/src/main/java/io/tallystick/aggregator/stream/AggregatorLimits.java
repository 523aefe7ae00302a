package io.tallystick.aggregator.stream;

/**
 * What the aggregator holds itself to.
 *
 * @param heapBytesPerTask how many bytes of windows each task holds on the heap, about; what does not fit is read from the stores again
 * @param dimensionsPerHourMax how many dimension combinations of one tenant and meter are kept apart in one hour; what comes on top is added up under
 *     {@link #OVERFLOW}. It decides totals: a space keeps it for ever, or a replay comes to other ones
 */
public record AggregatorLimits(long heapBytesPerTask, int dimensionsPerHourMax) {

    /** The value that every dimension of the excess has. */
    public static final String OVERFLOW = "__overflow__";

    public static final AggregatorLimits DEFAULT = new AggregatorLimits(16L << 20, 100_000);

    public AggregatorLimits {
        if (heapBytesPerTask < 1 || dimensionsPerHourMax < 1) {
            throw new IllegalArgumentException("limits are positive");
        }
    }
}
