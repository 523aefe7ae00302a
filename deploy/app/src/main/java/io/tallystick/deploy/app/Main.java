package io.tallystick.deploy.app;

import io.tallystick.deploy.app.cli.Tallystick;

/** Where every Tallystick process begins, whatever it is asked to do. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        System.exit(Tallystick.run(args));
    }
}
