package io.tallystick.deploy.app;

import io.tallystick.deploy.app.cli.Tallystick;
import java.util.Locale;

/** Where every Tallystick process begins, whatever it is asked to do. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        // Kafka Streams formats a text or two for each record that a task with several inputs takes, and only to throw
        // them away: under any other locale that means looking up its digits each time.
        Locale.setDefault(Locale.Category.FORMAT, Locale.US);
        HeapWatch.start();
        System.exit(Tallystick.run(args));
    }
}
