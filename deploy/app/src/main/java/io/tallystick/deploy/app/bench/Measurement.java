package io.tallystick.deploy.app.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** One thing that {@code bench} can measure; found by {@link java.util.ServiceLoader}, so that a service does not carry them. */
public interface Measurement {

    /** Of the result: what could not be measured, and why. With it {@code bench} has failed, though it prints the rest. */
    String FAILED = "failed";

    /** What {@code --only} calls it. */
    String name();

    /** One line of help. */
    String description();

    /** What {@code --only} may have of it, without the rest; empty when it is one thing. */
    default List<String> parts() {
        return List.of();
    }

    /**
     * Measures, prints a table of results to {@code task.out()}, and returns them for the JSON file. Leaves nothing behind.
     *
     * @throws io.tallystick.deploy.app.Failure when it cannot
     */
    ObjectNode run(Task task) throws InterruptedException;

    /**
     * How a measurement is to be done.
     *
     * @param events how many, or how large whatever else it measures is
     * @param repetitions how often
     * @param identities how many, where a measurement is about these; 0 leaves it to the measurement
     * @param parts of {@link Measurement#parts()}, what is wanted
     * @param out where results go
     * @param status told what is going on
     */
    record Task(
            long events,
            int repetitions,
            long identities,
            Set<String> parts,
            PrintWriter out,
            Consumer<String> status) {}
}
