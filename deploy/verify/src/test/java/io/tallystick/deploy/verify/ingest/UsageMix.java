package io.tallystick.deploy.verify.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.deploy.verify.EventLog;
import io.tallystick.deploy.verify.ingest.Producers.Usage;
import io.tallystick.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Usage as it really arrives: of a hundred events, twenty are repeats, two have the identity of another with other content, two
 * are garbage.
 */
final class UsageMix {

    static final String CATALOG = "meters: [{meter: mix_units, eventType: mix.used, aggregation: sum, value: $.units}]";

    private static final long START = Instant.parse("2026-06-01T00:00:00Z").toEpochMilli();
    private static final int TENANTS = 50;
    private static final int LOOK_BACK = 10_000;
    private static final List<String> GARBAGE = List.of(
            "{",
            "[]",
            "null",
            "\"text\"",
            "{\"specversion\":\"1.0\"}",
            "{\"specversion\":\"1.0\",\"type\":\"mix.used\",\"source\":\"s\"}");

    private final List<Usage> events = new ArrayList<>();
    private final Set<String> identities = new HashSet<>();
    private int garbage;

    UsageMix(Random random, int count) {
        List<Usage> fresh = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int kind = random.nextInt(100);
            long time = START + i;
            if (kind < 2) {
                garbage++;
                events.add(new Usage("", "", time, GARBAGE.get(random.nextInt(GARBAGE.size()))));
            } else if (kind < 24 && !fresh.isEmpty()) {
                Usage before = fresh.get(fresh.size() - 1 - random.nextInt(Math.min(fresh.size(), LOOK_BACK)));
                events.add(kind < 4 ? event(before.tenant(), before.identity(), before.time(), 2) : before);
            } else {
                String tenant = "mix-" + random.nextInt(TENANTS);
                Usage usage = event(tenant, "i" + i, time, 1);
                identities.add(usage.identity());
                fresh.add(usage);
                events.add(usage);
            }
        }
    }

    List<Usage> events() {
        return events;
    }

    int identities() {
        return identities.size();
    }

    /** How many of the records on a topic are garbage that was meant to be. */
    long garbageOn(EventLog log) {
        Set<String> texts = Set.copyOf(GARBAGE);
        AtomicLong found = new AtomicLong();
        log.forEach(Topics::usageEvents, record -> {
            if (texts.contains(new String(record.value(), StandardCharsets.UTF_8))) {
                found.incrementAndGet();
            }
        });
        assertThat(found.get()).isGreaterThanOrEqualTo(garbage);
        return found.get();
    }

    static Usage event(String tenant, String identity, long time, int units) {
        return new Usage(tenant, identity, time, """
                {"specversion":"1.0","type":"mix.used","source":"mix","id":"%s","subject":"%s","time":"%s","data":{"units":%d}}""".formatted(identity, tenant, Instant.ofEpochMilli(time), units));
    }
}
