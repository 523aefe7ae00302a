package io.tallystick.aggregator.usage;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Tells those who listen which windows of a tenant have changed: once per commit, written to the stores already, by this process alone. */
public final class ChangeFeed {

    private final Map<String, List<Consumer<Collection<ChangedWindow>>>> listeners = new ConcurrentHashMap<>();

    /** Ends with {@link #close}. */
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    /** @param listener called by the thread that counts: it must neither block nor throw */
    public Subscription listen(String tenant, Consumer<Collection<ChangedWindow>> listener) {
        listeners.compute(tenant, (key, present) -> {
            List<Consumer<Collection<ChangedWindow>>> all = present == null ? new CopyOnWriteArrayList<>() : present;
            all.add(listener);
            return all;
        });
        return () -> listeners.computeIfPresent(tenant, (key, all) -> {
            all.remove(listener);
            return all.isEmpty() ? null : all;
        });
    }

    public boolean isHeard(String tenant) {
        return !listeners.isEmpty() && listeners.containsKey(tenant);
    }

    public void publish(String tenant, Collection<ChangedWindow> changes) {
        listeners.getOrDefault(tenant, List.of()).forEach(listener -> listener.accept(changes));
    }
}
