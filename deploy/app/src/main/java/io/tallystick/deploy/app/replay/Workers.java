package io.tallystick.deploy.app.replay;

import io.tallystick.deploy.app.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does a list of things, so many at a time. What one of them throws ends all. */
final class Workers {

    private final int threads;

    Workers(int threads) {
        this.threads = threads;
    }

    /** The results in the order of the list. */
    <T> List<T> all(List<Callable<T>> work) {
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            List<Future<T>> pending = new ArrayList<>();
            for (Callable<T> one : work) {
                pending.add(workers.submit(one));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> one : pending) {
                results.add(one.get());
            }
            return results;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error error) { // as when the heap is full
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.unreachable("interrupted", "run the command again", e);
        } finally {
            workers.shutdownNow();
        }
    }
}
