package io.tallystick.deploy.verify.kill;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * April as its events are sent: seeded, a few minutes out of order, with repeats of what was sent before.
 *
 * @param timestamp of the Kafka record, milliseconds since the epoch
 */
record KillEvents(String tenant, long timestamp, String json) {

    private static final long MONTH_START =
            Instant.parse("2026-04-01T00:00:00Z").toEpochMilli();
    private static final long MONTH_MS = Duration.ofDays(30).toMillis();
    private static final int DISORDER_MS = 600_000;
    private static final int REPEATED_FROM_LAST = 20_000;
    private static final List<String> MODELS = List.of("small", "large", "vision");
    private static final List<String> REGIONS = List.of("eu", "us");
    private static final List<String> KINDS = List.of("input", "output", "");

    /** @param repeatPercent how many of a hundred are repeats */
    static List<KillEvents> april(Random random, int count, int repeatPercent) {
        List<KillEvents> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            if (i > 0 && random.nextInt(100) < repeatPercent) {
                KillEvents before = events.get(i - 1 - random.nextInt(Math.min(i, REPEATED_FROM_LAST)));
                events.add(new KillEvents(before.tenant(), timeOf(i, count), before.json()));
            } else {
                events.add(fresh(random, i, count));
            }
        }
        return events;
    }

    private static KillEvents fresh(Random random, int number, int count) {
        // A few tenants have most of the usage, as in life.
        List<String> tenants = KillCatalog.TENANTS;
        String tenant = tenants.get(random.nextInt(1 + random.nextInt(tenants.size())));
        long timestamp = timeOf(number, count);
        long time = Math.max(MONTH_START, timestamp - random.nextInt(DISORDER_MS));
        String type;
        String data;
        switch (random.nextInt(3)) {
            case 0 -> {
                type = KillCatalog.REQUEST;
                data = "{\"region\":\"" + one(random, REGIONS) + "\"}";
            }
            case 1 -> {
                type = KillCatalog.JOB;
                data = "{\"seconds\":"
                        + BigDecimal.valueOf(1 + random.nextInt(4_000_000), 4).toPlainString()
                        + ",\"model\":\"" + one(random, MODELS) + "\",\"status\":\""
                        + (random.nextInt(10) == 0 ? "failed" : "succeeded") + "\"}";
            }
            default -> {
                type = KillCatalog.COMPLETION;
                data = "{\"tokens\":\"" + (1 + random.nextInt(2_000)) + "\",\"kind\":\"" + one(random, KINDS)
                        + "\",\"model\":\"" + one(random, MODELS) + "\"}";
            }
        }
        String key = random.nextBoolean() ? ",\"idempotencykey\":\"k" + number + "\"" : "";
        return new KillEvents(
                tenant,
                timestamp,
                "{\"specversion\":\"1.0\",\"type\":\"" + type + "\",\"source\":\"kill\",\"id\":\"" + number
                        + "\",\"subject\":\"" + tenant + "\",\"time\":\"" + Instant.ofEpochMilli(time) + "\"" + key
                        + ",\"data\":" + data + "}");
    }

    private static long timeOf(int number, int count) {
        return MONTH_START + MONTH_MS * number / count;
    }

    private static String one(Random random, List<String> of) {
        return of.get(random.nextInt(of.size()));
    }
}
