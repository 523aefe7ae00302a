package io.tallystick.deploy.app.cli;

import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.role.Node;
import io.tallystick.deploy.app.role.NodeSettings;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Runs a node until the process is told to stop, and then stops it cleanly: a signal that was obeyed is exit status 0. */
final class NodeRunner {

    private static final int START_PATIENCE_SECONDS = 10;

    private NodeRunner() {}

    /**
     * Ends by a Failure, when a stage has given up; a signal ends the process.
     *
     * @param whenReady told once
     */
    static void run(NodeSettings settings, Consumer<Node> whenReady) {
        run(settings, whenReady, () -> {});
    }

    /** As the other, with something to do after a signal was obeyed. */
    static void run(NodeSettings settings, Consumer<Node> whenReady, Runnable afterSignal) {
        Stopping stopping = new Stopping(afterSignal);
        Runtime.getRuntime().addShutdownHook(stopping);
        Node node = null;
        try {
            node = Node.start(settings);
            stopping.started(node);
            whenReady.accept(node);
            throw Failure.unreachable(node.failure().get(), "look at the log, and start it again");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e); // it only ever completes with a text
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.unreachable("interrupted", "start it again", e);
        } finally {
            stopping.abandon();
            if (node != null) {
                node.close();
            }
        }
    }

    /** The hook of a signal. */
    private static final class Stopping extends Thread {

        private final CountDownLatch startedOrFailed = new CountDownLatch(1);
        private final Runnable afterSignal;
        private volatile Node node;
        private volatile boolean isAbandoned;

        @SuppressWarnings("NullAway.Init") // set when there is one
        Stopping(Runnable afterSignal) {
            super("stop");
            this.afterSignal = afterSignal;
        }

        void started(Node node) {
            this.node = node;
            startedOrFailed.countDown();
        }

        /** The process ends by itself, with a status of its own. */
        void abandon() {
            isAbandoned = true;
            startedOrFailed.countDown();
        }

        @Override
        public void run() {
            try {
                if (!startedOrFailed.await(START_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    Runtime.getRuntime().halt(0); // still restoring: nothing is lost that the log does not have
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (!isAbandoned) {
                node.close();
                afterSignal.run();
                Runtime.getRuntime().halt(0);
            }
        }
    }
}
