package io.tallystick.deploy.app.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.function.Consumer;

/** One thing that {@code bench} can measure; found by {@link java.util.ServiceLoader}, so that a service does not carry them. */
public interface Measurement {

    /** What {@code --only} calls it. */
    String name();

    /** One line of help. */
    String description();

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
     * @param out where results go
     * @param status told what is going on
     */
    record Task(long events, int repetitions, PrintWriter out, Consumer<String> status) {}
}
