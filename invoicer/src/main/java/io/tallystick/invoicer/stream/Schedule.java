package io.tallystick.invoicer.stream;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does something again and again on a thread of its own, whether or not it succeeded before. */
public final class Schedule implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Schedule.class);

    private final Duration pause;
    private final Look look;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;

    /** What is done; what it throws is logged, and it is done again. */
    @FunctionalInterface
    public interface Look {
        void look() throws Exception;
    }

    /**
     * @param name of the thread
     * @param pause between two times
     */
    public Schedule(String name, Duration pause, Look look) {
        this.pause = pause;
        this.look = look;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        stopped.countDown();
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            do {
                lookSafely();
            } while (!stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            LOG.atDebug().addKeyValue("schedule", thread.getName()).log("stopped");
        }
    }

    private void lookSafely() throws InterruptedException {
        try {
            look.look();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            LOG.atWarn()
                    .addKeyValue("schedule", thread.getName())
                    .setCause(e)
                    .log("failed by schedule; it will be tried again");
        }
    }
}
