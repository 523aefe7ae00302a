package io.tallystick.deploy.app.demo;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A month of sample usage of three tenants, as their producers would have sent it: some events twice, some out of order, some without a
 * key, a few that say something else under an identity that is taken, and a few that are broken. The same seed gives the same events.
 */
final class DemoEvents {

    static final Instant MONTH_START = Instant.parse("2026-04-01T00:00:00Z");
    static final Instant MONTH_END = Instant.parse("2026-05-01T00:00:00Z");

    private static final int EVENTS = 20_000;
    private static final int DUPLICATE_PER_MILLE = 20;
    private static final int CONFLICT_PER_MILLE = 2;
    private static final int BROKEN_PER_MILLE = 3;
    private static final int KEYLESS_PER_MILLE = 50;
    private static final int DELAY_SECONDS_MAX = 1_800;

    private static final String[] TENANTS = {"acme", "globex", "initech"};
    private static final int[] SHARES = {50, 35, 15};
    private static final String[] REGIONS = {"eu-west", "us-east"};
    private static final String[] MODELS = {"small", "large"};

    private final SplittableRandom random;
    private final List<DemoEvent> events = new ArrayList<>();

    /**
     * One record as it goes to the topic.
     *
     * @param recordTime milliseconds since the epoch
     * @param key the tenant; "" for none
     */
    record DemoEvent(long recordTime, String key, String value) {
        byte[] bytes() {
            return value.getBytes(StandardCharsets.UTF_8);
        }
    }

    private DemoEvents(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** All records in the order in which they are sent. */
    static List<DemoEvent> of(long seed) {
        DemoEvents demo = new DemoEvents(seed);
        for (int number = 0; number < EVENTS; number++) {
            demo.add(number);
        }
        demo.events.sort(Comparator.comparingLong(DemoEvent::recordTime));
        return demo.events;
    }

    private void add(int number) {
        String tenant = tenant();
        long month = MONTH_END.toEpochMilli() - MONTH_START.toEpochMilli();
        long time = MONTH_START.toEpochMilli() + random.nextLong(month);
        long recordTime = time + random.nextLong(1_000L * DELAY_SECONDS_MAX);
        if (happens(BROKEN_PER_MILLE)) {
            events.add(new DemoEvent(recordTime, tenant, broken(number, tenant, time)));
            return;
        }
        String[] typeAndData = typeAndData();
        String event = event(number, tenant, typeAndData[0], time, typeAndData[1]);
        boolean hasConflict = happens(CONFLICT_PER_MILLE);
        // Which of two copies is first must be no matter of chance: one of them by another partition would make it so.
        boolean hasKey = hasConflict || !happens(KEYLESS_PER_MILLE);
        events.add(new DemoEvent(recordTime, hasKey ? tenant : "", event));
        if (happens(DUPLICATE_PER_MILLE)) {
            events.add(new DemoEvent(recordTime + random.nextLong(86_400_000), tenant, event));
        }
        if (hasConflict) {
            String other = event(number, tenant, "api.request", time + 1, "{\"path\":\"/v1/other\"}");
            events.add(new DemoEvent(recordTime + 86_400_000, tenant, other));
        }
    }

    private String[] typeAndData() {
        int kind = random.nextInt(100);
        if (kind < 60) {
            return new String[] {"api.request", "{\"path\":\"/v1/run\",\"ms\":" + random.nextInt(900) + "}"};
        }
        if (kind < 75) {
            BigDecimal worker = BigDecimal.valueOf(random.nextInt(1, 60_000), 3);
            BigDecimal gpu = BigDecimal.valueOf(random.nextInt(0, 9_000), 3);
            return new String[] {
                "job.completed",
                "{\"worker_seconds\":" + worker + ",\"gpu_seconds\":\"" + gpu + "\",\"region\":\"" + one(REGIONS)
                        + "\",\"status\":\"" + (random.nextInt(20) == 0 ? "failed" : "succeeded") + "\"}"
            };
        }
        return new String[] {
            "tokens.used",
            "{\"tokens\":" + random.nextInt(1, 40_000) + ",\"model\":\"" + one(MODELS) + "\",\"direction\":\""
                    + (random.nextBoolean() ? "input" : "output") + "\",\"cache\":\""
                    + (random.nextInt(4) == 0 ? "hit" : "miss") + "\"}"
        };
    }

    private String broken(int number, String tenant, long time) {
        return switch (random.nextInt(6)) {
            case 0 -> "{\"specversion\":\"1.0\",\"id\":\"demo-" + number;
            case 1 ->
                "{\"specversion\":\"1.0\",\"id\":\"demo-" + number
                        + "\",\"source\":\"/demo\",\"type\":\"api.request\",\"time\":\"" + Instant.ofEpochMilli(time)
                        + "\"}";
            case 2 -> event(number, tenant, "api.requets", time, "{}");
            case 3 ->
                event(
                        number,
                        tenant,
                        "job.completed",
                        time,
                        "{\"worker_seconds\":\"a while\",\"status\":\"succeeded\"}");
            case 4 -> event(number, tenant, "api.request", time - 90L * 86_400_000, "{}");
            default ->
                event(number, tenant, "api.request", time, "{}")
                        .replace(Instant.ofEpochMilli(time).toString(), "yesterday");
        };
    }

    private static String event(int number, String tenant, String type, long time, String data) {
        return "{\"specversion\":\"1.0\",\"id\":\"demo-" + number + "\",\"source\":\"/demo\",\"type\":\"" + type
                + "\",\"subject\":\"" + tenant + "\",\"time\":\"" + Instant.ofEpochMilli(time)
                + "\",\"datacontenttype\":\"application/json\",\"data\":" + data + "}";
    }

    private String tenant() {
        int at = random.nextInt(100);
        for (int i = 0; i < TENANTS.length; i++) {
            at -= SHARES[i];
            if (at < 0) {
                return TENANTS[i];
            }
        }
        return TENANTS[0];
    }

    private String one(String[] values) {
        return values[random.nextInt(values.length)];
    }

    private boolean happens(int perMille) {
        return random.nextInt(1000) < perMille;
    }
}
