package io.tallystick.deploy.bench.load;

import io.tallystick.ingest.acceptance.Acceptance;
import io.tallystick.ingest.acceptance.Candidate;
import io.tallystick.ingest.acceptance.RevisionRules;
import io.tallystick.ingest.decode.DecodedEvent;
import io.tallystick.ingest.decode.EventDecoder;
import io.tallystick.ingest.dedup.IdentityBlocks;
import io.tallystick.ingest.dedup.IdentityStore;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.topic.TenantPartitioner;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The identities of events that were accepted, evenly, in the last 30 days. A few are those of events that can be sent again; the others are
 * random, as identities are.
 */
public final class IdentityHistory {

    public static final String STORE = "identities-v1";

    private static final Duration SPAN = Duration.ofDays(30);
    private static final long SEED = 20_260_404;
    private static final int EVENTS_MAX = 20_000;

    private final long identities;
    private final long firstTime;
    private final int partitions;
    private final List<EventMix.Event> events = new ArrayList<>();
    private final RevisionRules rules;

    /** Takes rows of the store, by partition. */
    public interface Taker {
        void put(int partition, byte[] key, byte[] value);
    }

    /** @param revision of the catalogue that the events were accepted under */
    public IdentityHistory(long identities, Instant now, int revision, int partitions) {
        this.identities = identities;
        this.firstTime = now.minus(SPAN).toEpochMilli();
        this.partitions = partitions;
        this.rules = RevisionRules.of(
                new CatalogRevision(revision, "sha256:bench", BenchCatalog.parsed(BenchCatalog.metersYaml())));
        EventMix mix = new EventMix(SEED, firstTime, EVENTS_MAX, SPAN.toMillis());
        for (int place = 0; place < EVENTS_MAX && events.size() < identities / 100; place++) {
            if (!mix.isRepeat(place)) {
                events.add(mix.at(place));
            }
        }
    }

    /** How many events can be sent again. */
    public int events() {
        return events.size();
    }

    public EventMix.Event event(long number) {
        return events.get((int) number);
    }

    /** Makes them all, and returns how many: some more than asked for, so that every partition's last block is full. */
    public long make(Taker taker) {
        List<IdentityBlocks> blocks = new ArrayList<>();
        long[] counts = new long[partitions];
        for (int partition = 0; partition < partitions; partition++) {
            int number = partition;
            blocks.add(new IdentityBlocks((key, value) -> taker.put(number, key, value)));
        }
        EventDecoder decoder = new EventDecoder();
        Acceptance acceptance = new Acceptance();
        SplittableRandom random = new SplittableRandom(SEED);
        long every = identities / events.size();
        long made = 0;
        for (; made < identities; made++) {
            long time = firstTime + (long) (SPAN.toMillis() * ((double) made / identities));
            int partition = (int) (made % partitions);
            Identity identity = new Identity(random.nextLong(), random.nextLong());
            long contentHash = random.nextLong();
            if (made % every == 0 && made / every < events.size()) {
                EventMix.Event event = events.get((int) (made / every));
                DecodedEvent decoded = decoder.decode(event.value(), visitor -> {}, rules);
                Candidate candidate = (Candidate) acceptance.decide(decoded, rules, time, time);
                partition = TenantPartitioner.partitionOf(event.tenant(), partitions);
                identity = candidate.identity();
                contentHash = candidate.contentHash();
            }
            Place place = new Place(partition, counts[partition]++);
            blocks.get(partition).add(identity, new IdentityStore.Entry(contentHash, place, time, rules.number()));
        }
        for (int partition = 0; partition < partitions; partition++) {
            for (; counts[partition] % IdentityBlocks.PER_BLOCK != 0; made++) {
                blocks.get(partition)
                        .add(
                                new Identity(random.nextLong(), random.nextLong()),
                                new IdentityStore.Entry(
                                        random.nextLong(),
                                        new Place(partition, counts[partition]++),
                                        firstTime + SPAN.toMillis(),
                                        rules.number()));
            }
            blocks.get(partition).end();
        }
        return made;
    }
}
