package io.tallystick.deploy.verify.aggregator;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One event of a made-up quarter.
 *
 * @param timestamp of its Kafka record, milliseconds since the epoch
 * @param time when the usage happened, likewise
 * @param isFirst whether it is the first of its identity
 */
record SimulatedUsage(
        int id,
        String tenant,
        long timestamp,
        long time,
        String model,
        String region,
        BigDecimal value,
        String user,
        boolean isFirst) {

    static final Instant START = Instant.parse("2026-02-01T00:00:00Z");
    static final Duration LENGTH = Duration.ofDays(89);
    static final List<String> TENANTS = List.of("acme", "globex");
    static final List<String> MODELS = List.of("", "gpt", "claude");
    static final List<String> REGIONS = List.of("eu", "us", "");

    private static final long LATE_MS_MAX = Duration.ofDays(40).toMillis();
    private static final int REPEATED_FROM_LAST = 500;

    /** In the order they are sent: a fifth is late by up to 40 days, a tenth is repeated, everything is a little out of order. */
    static List<SimulatedUsage> quarter(Random random, int count) {
        List<SimulatedUsage> all = new ArrayList<>();
        for (int id = 0; id < count; id++) {
            all.add(fresh(id, START.toEpochMilli() + LENGTH.toMillis() * id / count, random));
            if (random.nextInt(10) == 0) {
                SimulatedUsage before =
                        all.get(all.size() - 1 - random.nextInt(Math.min(all.size(), REPEATED_FROM_LAST)));
                all.add(before.again(all.get(all.size() - 1).timestamp));
            }
        }
        return all;
    }

    private static SimulatedUsage fresh(int id, long timestamp, Random random) {
        long late = random.nextInt(5) == 0 ? (long) (random.nextDouble() * LATE_MS_MAX) : random.nextInt(7_200_000);
        // On whole minutes often, so that several events fall on one instant.
        long time = random.nextBoolean() ? (timestamp - late) / 60_000 * 60_000 : timestamp - late;
        BigDecimal value = switch (random.nextInt(5)) {
            case 0 -> new BigDecimal(new BigInteger(100, random), 12);
            case 1 -> new BigDecimal(random.nextInt(1000)).negate().movePointLeft(2);
            case 2 -> BigDecimal.ZERO;
            default -> new BigDecimal(random.nextInt(100_000)).movePointLeft(random.nextInt(4));
        };
        return new SimulatedUsage(
                id,
                TENANTS.get(random.nextInt(5) == 0 ? 1 : 0),
                timestamp,
                time,
                MODELS.get(random.nextInt(MODELS.size())),
                REGIONS.get(random.nextInt(REGIONS.size())),
                value,
                "user-" + random.nextInt(random.nextInt(20) == 0 ? 3000 : 40),
                true);
    }

    private SimulatedUsage again(long at) {
        return new SimulatedUsage(id, tenant, at, time, model, region, value, user, false);
    }

    String dimension(String name) {
        return Map.of("model", model, "region", region).getOrDefault(name, "");
    }

    String json() {
        return "{\"specversion\":\"1.0\",\"source\":\"/simulation\",\"id\":\"" + id
                + "\",\"type\":\"used\",\"subject\":\""
                + tenant + "\",\"time\":\"" + Instant.ofEpochMilli(time) + "\",\"data\":{\"value\":\""
                + value.toPlainString() + "\",\"user\":\"" + user + "\",\"model\":\"" + model + "\",\"region\":\""
                + region + "\"}}";
    }
}
