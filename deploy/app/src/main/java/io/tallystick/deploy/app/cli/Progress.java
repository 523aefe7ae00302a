package io.tallystick.deploy.app.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** One line on standard error that says how far long work is, where standard error is a terminal; else nothing. */
public final class Progress implements AutoCloseable {

    /** Set by the launcher, which knows what Java cannot ask. */
    static final boolean IS_TERMINAL = Boolean.getBoolean("tallystick.terminal");

    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int BAR_WIDTH = 30;

    private final PrintWriter err;
    private final String what;
    private final long total;
    private long shownAt;

    /** @param total how much there is to do; 0 when nobody knows */
    public Progress(PrintWriter err, String what, long total) {
        this.err = err;
        this.what = what;
        this.total = total;
    }

    /** Says how much is done; shown ten times a second at most. */
    public void at(long done) {
        long now = System.nanoTime();
        if (IS_TERMINAL && (now - shownAt > EVERY_NANOS || done == total)) {
            shownAt = now;
            err.print("\r" + line(done) + "\u001b[K");
            err.flush();
        }
    }

    /** Takes the line away. */
    @Override
    public void close() {
        if (IS_TERMINAL) {
            err.print("\r\u001b[K");
            err.flush();
        }
    }

    private String line(long done) {
        if (total == 0) {
            return String.format(Locale.ROOT, "%s %,d", what, done);
        }
        int filled = (int) Math.min(BAR_WIDTH, done * BAR_WIDTH / total);
        return String.format(
                Locale.ROOT,
                "%s [%s%s] %,d of %,d",
                what,
                "#".repeat(filled),
                ".".repeat(BAR_WIDTH - filled),
                done,
                total);
    }
}
