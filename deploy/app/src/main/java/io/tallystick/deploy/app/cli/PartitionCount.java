package io.tallystick.deploy.app.cli;

import io.tallystick.deploy.app.Failure;

/** How many partitions a new space may be given: each of its topics has as many, and each stage has a store for each. */
final class PartitionCount {

    /** Far more than any cluster is to have for one space. */
    private static final int MAX = 10_000;

    private PartitionCount() {}

    static void require(int partitions) {
        if (partitions < 1 || partitions > MAX) {
            throw Failure.wrongInput("--partitions is " + partitions, "it is at least 1 and at most " + MAX);
        }
    }
}
