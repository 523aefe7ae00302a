package io.tallystick.deploy.bench.micro;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tallystick.deploy.bench.load.EventMix;
import io.tallystick.ingest.acceptance.Acceptance;
import io.tallystick.ingest.acceptance.Candidate;
import io.tallystick.ingest.acceptance.Decision;
import io.tallystick.ingest.acceptance.RevisionRules;
import io.tallystick.ingest.decode.DecodedEvent;
import io.tallystick.ingest.decode.EventDecoder;
import io.tallystick.rater.pricing.PriceAnswer;
import io.tallystick.rater.pricing.PriceRequest;
import io.tallystick.rater.pricing.PriceRequestParser;
import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.DataPath;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.value.WindowKind;
import io.tallystick.schemas.value.WindowState;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What an event goes through, one step each, on the benchmark's own events. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StepsBenchmark {

    private static final int EVENTS = 1024;
    private static final long NOW = Instant.parse("2026-04-15T00:00:00Z").toEpochMilli();

    private final EventDecoder decoder = new EventDecoder();
    private final Acceptance acceptance = new Acceptance();
    private final RevisionRules rules = RevisionRules.of(revision());
    private final byte[][] events = new byte[EVENTS][];
    private final DecodedEvent[] decoded = new DecodedEvent[EVENTS];
    private final AcceptedEvent[] accepted = new AcceptedEvent[EVENTS];
    private final byte[][] encoded = new byte[EVENTS][];
    private final WindowState.Builder window = WindowKind.COUNT_SUM.empty().toBuilder();
    private final PriceRequest request = request();
    private int at;

    public StepsBenchmark() {
        EventMix mix = new EventMix(1, NOW - 3_600_000, EVENTS, 3_600_000);
        for (int place = 0; place < EVENTS; place++) {
            events[place] = mix.at(place).value();
            decoded[place] = decoder.decode(events[place], visitor -> {}, rules);
            Candidate candidate = (Candidate) acceptance.decide(decoded[place], rules, NOW, NOW);
            accepted[place] = new AcceptedEvent(
                    candidate.tenant(),
                    0,
                    place + 1,
                    new Place(0, place),
                    candidate.identity(),
                    candidate.contentHash(),
                    rules.number(),
                    candidate.time(),
                    NOW,
                    candidate.readings());
            encoded[place] = TopicCodecs.ACCEPTED.encode(accepted[place]);
        }
    }

    private int next() {
        at = (at + 1) & (EVENTS - 1);
        return at;
    }

    /** Bytes to envelope and the values that meters read. */
    @Benchmark
    public DecodedEvent decode() {
        return decoder.decode(events[next()], visitor -> {}, rules);
    }

    /** Times, readings, identity and content hash. */
    @Benchmark
    public Decision decide() {
        return acceptance.decide(decoded[next()], rules, NOW, NOW);
    }

    /** The identity alone. */
    @Benchmark
    public Identity fingerprint() {
        DecodedEvent event = decoded[next()];
        return acceptance.identity(
                Objects.requireNonNull(event.subject()), null, event.source(), Objects.requireNonNull(event.id()));
    }

    @Benchmark
    public byte[] encodeAccepted() {
        return TopicCodecs.ACCEPTED.encode(accepted[next()]);
    }

    @Benchmark
    public AcceptedRecord decodeAccepted() {
        return TopicCodecs.ACCEPTED.decode(encoded[next()]);
    }

    /** One more value into a window of sums. */
    @Benchmark
    public WindowState.Builder updateWindow() {
        AcceptedEvent event = accepted[next()];
        window.add(event.readings().get(0).value(), null, event.time(), event.sequence());
        return window;
    }

    /** One quantity through graduated tiers, to the rounded line. */
    @Benchmark
    public PriceAnswer rate() {
        return PriceAnswer.to(request);
    }

    private static CatalogRevision revision() {
        SortedMap<DataPath, List<String>> everything = Collections.emptySortedMap();
        SortedMap<String, Meter> meters = new TreeMap<>();
        for (int number = 0; number < EventMix.METERS; number++) {
            String name = EventMix.meter(number);
            meters.put(
                    name,
                    new Meter(
                            name,
                            "",
                            "bench." + name,
                            Aggregation.SUM,
                            DataPath.parse("$.value"),
                            new TreeMap<>(Map.of("model", DataPath.parse("$.model"))),
                            everything,
                            "",
                            null,
                            false,
                            Meter.ValueKind.LEVEL,
                            null));
        }
        Catalog catalog = new Catalog(
                Catalog.Settings.DEFAULT, meters, Collections.emptySortedMap(), Collections.emptySortedMap());
        return new CatalogRevision(1, "sha256:1", catalog);
    }

    private static PriceRequest request() {
        try {
            Object tree = new JsonMapper()
                    .readValue(
                            "{\"id\":\"1\",\"currency\":\"USD\",\"quantity\":\"12345.678\",\"charge\":{\"model\":\"graduated\","
                                    + "\"tiers\":[{\"upTo\":\"100\",\"unitPrice\":\"0.10\"},"
                                    + "{\"upTo\":\"10000\",\"unitPrice\":\"0.07\"},{\"upTo\":null,\"unitPrice\":\"0.05\"}]}}",
                            Map.class);
            return Objects.requireNonNull(PriceRequestParser.parse(tree).request());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
