package io.tallystick.aggregator.http;

import io.javalin.http.sse.SseClient;
import io.tallystick.aggregator.usage.ChangedWindow;
import io.tallystick.aggregator.usage.UsageAnswer;
import io.tallystick.aggregator.usage.UsageQuery;
import io.tallystick.aggregator.usage.UsageReading;
import io.tallystick.aggregator.usage.UsageRow;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Fraction;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One listener's stream. Changes are collected while the listener is busy, so that a slow one gets fewer and newer totals; one that falls behind by more
 * than {@value #WAITING_MAX} windows is let go, and finds the totals by asking when it comes back.
 */
final class UsageStream {

    private static final int WAITING_MAX = 10_000;
    private static final long HEARTBEAT_SECONDS = 15;

    private final String tenant;
    private final SseClient client;
    private final UsageReading usage;
    private final Supplier<Catalog> catalog;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private Set<ChangedWindow> waiting = new LinkedHashSet<>();
    private boolean lost;

    UsageStream(String tenant, SseClient client, UsageReading usage, Supplier<Catalog> catalog) {
        this.tenant = tenant;
        this.client = client;
        this.usage = usage;
        this.catalog = catalog;
    }

    /** Takes changes; does not wait for the listener. */
    void changed(Collection<ChangedWindow> changes) {
        lock.lock();
        try {
            if (waiting.size() + changes.size() > WAITING_MAX) {
                lost = true;
                waiting.clear();
            } else {
                waiting.addAll(changes);
            }
            more.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Sends until the listener is gone or has fallen behind. */
    void run() {
        client.sendComment("totals of " + tenant.replaceAll("[\\r\\n]", " ") + " as they change");
        try {
            while (!client.terminated()) {
                Set<ChangedWindow> changes = take();
                if (lost) {
                    return;
                }
                if (changes.isEmpty()) {
                    client.sendComment("still here"); // so that a listener who left is noticed
                } else {
                    send(changes);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RequestRefused moved) {
            // The tenant went to another process: the listener comes back and is sent there.
        }
    }

    private Set<ChangedWindow> take() throws InterruptedException {
        lock.lock();
        try {
            long nanos = TimeUnit.SECONDS.toNanos(HEARTBEAT_SECONDS);
            while (waiting.isEmpty() && !lost && nanos > 0) {
                nanos = more.awaitNanos(nanos);
            }
            Set<ChangedWindow> taken = waiting;
            waiting = new LinkedHashSet<>();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private record MeterHour(String meter, long hour) {}

    /** One question for each meter and hour, however many combinations changed in it. */
    private void send(Set<ChangedWindow> changes) {
        Map<MeterHour, Set<Dimensions>> hours = new LinkedHashMap<>();
        for (ChangedWindow change : changes) {
            hours.computeIfAbsent(new MeterHour(change.meter(), change.hour()), hour -> new LinkedHashSet<>())
                    .add(change.dimensions());
        }
        hours.forEach((hour, dimensions) -> {
            Meter meter = catalog.get().meters().get(hour.meter);
            if (meter != null) {
                send(meter, hour.hour, dimensions);
            }
        });
    }

    private void send(Meter meter, long hour, Set<Dimensions> changed) {
        UsageQuery query = new UsageQuery(
                meter,
                tenant,
                HourWindow.startOf(hour),
                HourWindow.startOf(hour + 1),
                null,
                ZoneOffset.UTC,
                new ArrayList<>(meter.dimensions().keySet()),
                new TreeMap<>());
        List<UsageRow> rows = usage.read(tenant, meter.meter(), windows -> UsageAnswer.to(query, windows));
        Set<Dimensions> withoutUsage = new LinkedHashSet<>(changed); // whose events were voided
        for (UsageRow row : rows) {
            if (withoutUsage.remove(row.group())) {
                send(meter, query, row);
            }
        }
        Period window = new Period(HourWindow.startOf(hour), HourWindow.startOf(hour + 1));
        withoutUsage.forEach(group -> send(meter, query, new UsageRow(window, group, Fraction.ZERO)));
    }

    private void send(Meter meter, UsageQuery query, UsageRow row) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("meter", meter.meter());
        tree.putAll(UsageBodies.row(query, row));
        client.sendEvent("total", UsageBodies.json(tree));
    }
}
