package io.tallystick.schemas.topic;

import java.util.Map;

/**
 * One topic as it is created.
 *
 * @param name with its space's prefix
 * @param config what differs from the broker's defaults, by Kafka's names
 */
public record Topic(String name, int partitions, Map<String, String> config) {

    public Topic {
        config = Map.copyOf(config);
    }
}
