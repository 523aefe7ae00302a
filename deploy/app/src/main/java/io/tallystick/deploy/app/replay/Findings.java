package io.tallystick.deploy.app.replay;

import java.util.ArrayList;
import java.util.List;

/** The differences found so far: as many as are worth reading, and the number of all. Safe for any number of threads. */
final class Findings {

    private static final int KEPT_MAX = 1_000;

    private final List<Finding> kept = new ArrayList<>();
    private long count;

    synchronized void add(Finding finding) {
        count++;
        if (kept.size() < KEPT_MAX) {
            kept.add(finding);
        }
    }

    synchronized long count() {
        return count;
    }

    /** A Failure that names the first of them, where there is one. */
    synchronized void requireNone() {
        if (count > 0) {
            throw LegibleRecord.failure(sorted().get(0));
        }
    }

    synchronized List<Finding> sorted() {
        return kept.stream().sorted().toList();
    }
}
