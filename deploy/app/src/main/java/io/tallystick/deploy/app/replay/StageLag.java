package io.tallystick.deploy.app.replay;

import org.apache.kafka.common.TopicPartition;

/**
 * How far one stage of a live pipeline is with one partition.
 *
 * @param committed the offset up to which it has committed its reading
 * @param end the offset behind the last committed record
 */
record StageLag(TopicPartition place, long committed, long end) {}
