package io.tallystick.deploy.app.cli;

import java.io.PrintWriter;

/** What long work is doing right now, in one line of a terminal; nothing where standard error is no terminal. */
final class Status implements AutoCloseable {

    private final PrintWriter err;

    Status(PrintWriter err) {
        this.err = err;
    }

    void say(String what) {
        if (Progress.IS_TERMINAL) {
            err.print("\r" + what + "…\u001b[K");
            err.flush();
        }
    }

    @Override
    public void close() {
        clear();
    }

    /** Takes the line away. */
    void clear() {
        if (Progress.IS_TERMINAL) {
            err.print("\r\u001b[K");
            err.flush();
        }
    }
}
