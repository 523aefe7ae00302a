package io.tallystick.deploy.bench.load;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Usage events of {@value #BYTES} bytes: {@value #TENANTS} tenants, the first with an eighth of all and the others by Zipf's law, one of
 * {@value #METERS} meters each, every fiftieth a repeat of one of the last {@value #REPEATS_WITHIN}. Each event is a function of seed and
 * number, so none is kept. A generator belongs to one thread.
 */
public final class EventMix {

    public static final int BYTES = 300;
    public static final int TENANTS = 1_000;
    public static final int METERS = 10;

    /** Tenants of one event each, to measure latency by; behind the others. */
    public static final int PROBE_TENANTS = 1_100;

    private static final int REPEAT_ONE_IN = 50;
    private static final int REPEATS_WITHIN = 100_000;
    private static final int MODELS = 4;
    private static final int PRODUCERS = 16;

    private final long seed;
    private final long firstTime;
    private final long events;
    private final long span;
    private final double[] shares = new double[TENANTS];

    /** One record; {@code tenant} is its key. */
    @SuppressWarnings("ArrayRecordComponent") // made for one send
    public record Event(String tenant, byte[] value) {}

    /**
     * @param firstTime of the first event, in milliseconds since the epoch
     * @param events how many share out {@code span} milliseconds evenly
     */
    public EventMix(long seed, long firstTime, long events, long span) {
        this.seed = seed;
        this.firstTime = firstTime;
        this.events = events;
        this.span = span;
        double sum = 0;
        for (int tenant = 0; tenant < TENANTS; tenant++) {
            sum += 1.0 / (tenant + 1);
            shares[tenant] = sum;
        }
        for (int tenant = 0; tenant < TENANTS; tenant++) {
            shares[tenant] /= sum;
        }
    }

    /** The record at a place of the topic. */
    public Event at(long place) {
        return event(originOf(place));
    }

    /** Whether the record at this place says again what stands before it. */
    public boolean isRepeat(long place) {
        return originOf(place) != place;
    }

    /**
     * An event of a tenant that has one in each round and no other.
     *
     * @param round of measuring; each has identities of its own
     */
    public static Event probe(int round, int probe, Instant time) {
        String tenant = probeTenant(probe);
        return new Event(tenant, json("probe-" + round + "-" + probe, 0, 0, tenant, time.toString(), "1", 0));
    }

    public static String probeTenant(int probe) {
        return String.format(Locale.ROOT, "probe-%04d", probe);
    }

    public static String tenant(int tenant) {
        return String.format(Locale.ROOT, "tenant-%04d", tenant);
    }

    public static String meter(int meter) {
        return "meter_" + meter;
    }

    private long originOf(long place) {
        if (!isRepeatSlot(place)) {
            return place;
        }
        long origin = place - 1 - random(place, 1).nextLong(Math.min(place, REPEATS_WITHIN));
        while (isRepeatSlot(origin)) { // place 0 is none
            origin--;
        }
        return origin;
    }

    private boolean isRepeatSlot(long place) {
        return place > 0 && random(place, 2).nextInt(REPEAT_ONE_IN) == 0;
    }

    private Event event(long number) {
        SplittableRandom random = random(number, 3);
        String tenant = tenant(tenantAt(random.nextDouble()));
        int meter = random.nextInt(METERS);
        String time = Instant.ofEpochMilli(firstTime + (long) (span * ((double) number / events)))
                .toString();
        String value = random.nextInt(1, 10_000) + "." + random.nextInt(100, 1_000);
        String id = "e-" + Long.toHexString(random.nextLong()) + "-" + number;
        return new Event(
                tenant, json(id, random.nextInt(PRODUCERS), meter, tenant, time, value, random.nextInt(MODELS)));
    }

    private int tenantAt(double share) {
        int at = Arrays.binarySearch(shares, share);
        return Math.min(TENANTS - 1, at < 0 ? -at - 1 : at);
    }

    private SplittableRandom random(long number, int purpose) {
        return new SplittableRandom(seed * 31 + number * 4 + purpose);
    }

    private static byte[] json(
            String id, int producer, int meter, String tenant, String time, String value, int model) {
        StringBuilder json = new StringBuilder(BYTES)
                .append("{\"specversion\":\"1.0\",\"id\":\"")
                .append(id)
                .append("\",\"source\":\"/bench/producer-")
                .append(producer)
                .append("\",\"type\":\"bench.")
                .append(meter(meter))
                .append("\",\"subject\":\"")
                .append(tenant)
                .append("\",\"time\":\"")
                .append(time)
                .append("\",\"datacontenttype\":\"application/json\",\"data\":{\"value\":")
                .append(value)
                .append(",\"model\":\"model-")
                .append(model)
                .append("\",\"note\":\"");
        while (json.length() < BYTES - 3) {
            json.append("nothing that a meter reads ", 0, Math.min(27, BYTES - 3 - json.length()));
        }
        return json.append("\"}}").toString().getBytes(StandardCharsets.US_ASCII);
    }
}
