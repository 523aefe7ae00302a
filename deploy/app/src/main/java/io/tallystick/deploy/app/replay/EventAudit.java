package io.tallystick.deploy.app.replay;

import io.tallystick.ingest.acceptance.Acceptance;
import io.tallystick.ingest.acceptance.Candidate;
import io.tallystick.ingest.acceptance.Decision;
import io.tallystick.ingest.acceptance.Reason;
import io.tallystick.ingest.acceptance.Rejection;
import io.tallystick.ingest.acceptance.RevisionRules;
import io.tallystick.ingest.decode.DecodedEvent;
import io.tallystick.ingest.decode.EventDecoder;
import io.tallystick.ingest.decode.EventHeaders;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.codec.UnreadableRecordException;
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Holds {@code usage.accepted} and {@code usage.rejected} to {@code usage.events}: every record there has exactly one outcome, each accepted
 * one is what its bytes say under the revision it names, each rejection has the reason that its bytes give, and what is neither is the
 * duplicate of one that was accepted. Which of two copies came first is not decided again.
 */
final class EventAudit {

    private final LogSource source;
    private final Topics topics;
    private final CatalogReader catalogs;
    private final IntPredicate isAsked;
    private final AtomicLong records;
    private final Findings findings;
    private final Map<Integer, RevisionRules> rules = new HashMap<>();
    private final List<Outcomes> outcomes = new ArrayList<>();
    private final List<Map<Identity, First>> identities = new ArrayList<>();
    private final EventDecoder decoder = new EventDecoder();
    private final Acceptance acceptance = new Acceptance();
    private final MessageDigest digest;
    private final BitSet sawRejected = new BitSet();
    /** Whether dead letters were removed by age: what is missing there proves nothing. */
    private boolean isTrimmed;

    private long events;

    /** An accepted event of an identity, and the one of that identity before it. */
    private record First(
            long contentHash,
            int revision,
            long recordTime,
            Place place,
            @Nullable First before) {}

    /** @param isAsked the partitions of {@code usage.events} to look at; of the outcomes all are read, since any tenant's may be there */
    EventAudit(LogSource source, CatalogReader catalogs, IntPredicate isAsked, AtomicLong records, Findings findings) {
        this.source = source;
        this.topics = source.topics();
        this.catalogs = catalogs;
        this.isAsked = isAsked;
        this.records = records;
        this.findings = findings;
        for (int partition = 0; partition < topics.partitions(); partition++) {
            outcomes.add(new Outcomes());
            identities.add(new HashMap<>());
        }
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /**
     * Looks at every event in front of these ends.
     *
     * @param ends of {@code usage.events}, by partition, up to which ingest has decided
     */
    long run(List<Long> ends) {
        for (int partition = 0; partition < topics.partitions(); partition++) {
            Topic accepted = topics.usageAccepted();
            source.read(accepted, partition, source.end(accepted, partition), this::accepted);
        }
        for (int partition = 0; partition < topics.partitions(); partition++) {
            Topic rejected = topics.usageRejected();
            source.read(rejected, partition, source.end(rejected, partition), this::rejected);
        }
        for (int partition = 0; partition < topics.partitions(); partition++) {
            if (isAsked.test(partition)) {
                raw(partition, ends.get(partition));
            }
        }
        return events;
    }

    private void accepted(ConsumerRecord<byte[], byte[]> record) {
        records.incrementAndGet();
        AcceptedRecord content;
        try {
            content = TopicCodecs.ACCEPTED.decode(record.value());
        } catch (UnreadableRecordException e) {
            find(record, String.valueOf(e.getMessage()));
            return;
        }
        if (!(content instanceof AcceptedEvent event)) {
            return;
        }
        Place place = event.place();
        if (place.partition() >= outcomes.size()) {
            find(record, "names the place " + place + ", and there is no such partition");
            return;
        }
        Outcomes of = outcomes.get(place.partition());
        if (isAsked.test(place.partition())
                && !of.accepted(
                        place.offset(), fingerprint(event), event.revision(), record.partition(), record.offset())) {
            find(
                    record,
                    "the event at " + place + " is accepted a second time; first at "
                            + topics.usageAccepted().name() + " " + of.place(place.offset()));
            return;
        }
        Map<Identity, First> known = identities.get(record.partition());
        First before = known.get(event.identity());
        if (before != null
                && event.recordTime() - before.recordTime()
                        <= rules(before.revision()).memoryMs()) {
            find(record, "has the identity of the event at " + before.place() + ", which is accepted already");
        }
        known.put(
                event.identity(), new First(event.contentHash(), event.revision(), event.recordTime(), place, before));
    }

    private void rejected(ConsumerRecord<byte[], byte[]> record) {
        records.incrementAndGet();
        isTrimmed |= !sawRejected.get(record.partition()) && record.offset() > 0;
        sawRejected.set(record.partition());
        String reason = header(record, "tallystick-reason");
        String partition = header(record, "tallystick-partition");
        String offset = header(record, "tallystick-offset");
        String revision = header(record, "tallystick-revision");
        Reason known = Arrays.stream(Reason.values())
                .filter(one -> one.text().equals(reason))
                .findFirst()
                .orElse(null);
        try {
            int from = Integer.parseInt(partition);
            if (known == null || from < 0 || from >= outcomes.size()) {
                find(record, "is no dead letter of this space");
            } else if (isAsked.test(from)
                    && !outcomes.get(from).rejected(Long.parseLong(offset), known, Integer.parseInt(revision))) {
                find(record, "the event at " + from + "@" + offset + " is rejected a second time");
            }
        } catch (NumberFormatException e) {
            find(record, "is no dead letter of this space");
        }
    }

    private void raw(int partition, long end) {
        Topic topic = topics.usageEvents();
        Outcomes of = outcomes.get(partition);
        AtomicLong newest = new AtomicLong(Long.MIN_VALUE);
        source.read(topic, partition, end, record -> {
            records.incrementAndGet();
            events++;
            long time = Math.max(0, record.timestamp());
            newest.accumulateAndGet(time, Math::max);
            look(record, of, time, newest.get());
            of.done(record.offset());
        });
        for (long offset = 0; offset < Math.min(end, of.end()); offset++) {
            if (of.isAccepted(offset)) {
                findings.add(new Finding(
                        topics.usageAccepted().name() + " " + of.place(offset),
                        "is accepted from " + partition + "@" + offset + ", where there is no event"));
            } else if (of.reason(offset) != null) {
                findings.add(Finding.at(
                        topic.name(), partition, offset, "is rejected, and there is no event at that place"));
            }
        }
    }

    private void look(ConsumerRecord<byte[], byte[]> record, Outcomes of, long time, long newest) {
        long offset = record.offset();
        Reason reason = of.reason(offset);
        if (of.isAccepted(offset)) {
            if (reason != null) {
                find(record, "is accepted at " + of.place(offset) + " and rejected as " + reason.text());
            }
            Decision decision = decide(record, rules(of.revision(offset)), time, newest);
            if (decision instanceof Rejection rejection) {
                find(
                        record,
                        "is accepted at " + of.place(offset) + ", its bytes give "
                                + rejection.reason().text());
            } else if (fingerprint(accepted((Candidate) decision, record, of.revision(offset), time))
                    != of.fingerprint(offset)) {
                find(
                        record,
                        "is accepted at " + topics.usageAccepted().name() + " " + of.place(offset)
                                + " with other content than its bytes give under revision " + of.revision(offset));
            }
        } else if (reason != null) {
            lookAtRejected(record, reason, rules(of.revision(offset)), time, newest);
        } else if (!isDuplicate(record)) {
            Decision now = decide(record, rules(latest()), time, newest);
            if (!(isTrimmed && now instanceof Rejection)) {
                find(record, "has no outcome: neither accepted, nor rejected, nor the duplicate of an accepted event");
            }
        }
    }

    private void lookAtRejected(
            ConsumerRecord<byte[], byte[]> record, Reason reason, RevisionRules rules, long time, long newest) {
        Decision decision = decide(record, rules, time, newest);
        Reason expected = decision instanceof Rejection rejection ? rejection.reason() : null;
        // What depends on others than the event itself: copies in front of it, and how much ingest has had to forget.
        boolean dependsOnOthers = expected == null
                && (reason == Reason.TOO_OLD || (reason == Reason.CONFLICTING_DUPLICATE && isKnown(record)));
        if (reason != expected && !dependsOnOthers) {
            find(
                    record,
                    "is rejected as " + reason.text() + ", its bytes give "
                            + (expected == null ? "an event to accept" : expected.text()));
        }
    }

    private Decision decide(ConsumerRecord<byte[], byte[]> record, RevisionRules rules, long time, long newest) {
        if (Acceptance.isTooLarge(record.value() == null ? 0 : record.value().length, besidesBytes(record))) {
            return new Rejection(Reason.TOO_LARGE, "");
        }
        return acceptance.decide(decode(record, rules), rules, time, newest);
    }

    private boolean isDuplicate(ConsumerRecord<byte[], byte[]> record) {
        for (First first = first(record); first != null; first = first.before()) {
            RevisionRules then = rules(first.revision());
            if (acceptance.hasContent(decode(record, then), then, first.recordTime(), first.contentHash())) {
                return true;
            }
        }
        return false;
    }

    private boolean isKnown(ConsumerRecord<byte[], byte[]> record) {
        return first(record) != null;
    }

    private @Nullable First first(ConsumerRecord<byte[], byte[]> record) {
        DecodedEvent event = decode(record, RevisionRules.BEFORE_ANY);
        String tenant = event.subject();
        String id = event.id();
        if (event.malformed() != null || tenant == null || id == null) {
            return null;
        }
        Identity identity = acceptance.identity(tenant, event.idempotencyKey(), event.source(), id);
        return identities
                .get(TenantPartitioner.partitionOf(tenant, topics.partitions()))
                .get(identity);
    }

    private DecodedEvent decode(ConsumerRecord<byte[], byte[]> record, RevisionRules rules) {
        EventHeaders headers = visitor -> {
            for (Header header : record.headers()) {
                visitor.accept(header.key(), header.value());
            }
        };
        return decoder.decode(record.value(), headers, rules);
    }

    private static AcceptedEvent accepted(
            Candidate candidate, ConsumerRecord<byte[], byte[]> record, int revision, long time) {
        return new AcceptedEvent(
                candidate.tenant(),
                0,
                0,
                new Place(record.partition(), record.offset()),
                candidate.identity(),
                candidate.contentHash(),
                revision,
                candidate.time(),
                time,
                candidate.readings());
    }

    /** Over everything but the sequence, which is the order of arrival. */
    private long fingerprint(AcceptedEvent event) {
        byte[] encoded = TopicCodecs.ACCEPTED.encode(new AcceptedEvent(
                event.tenant(),
                event.shard(),
                0,
                event.place(),
                event.identity(),
                event.contentHash(),
                event.revision(),
                event.time(),
                event.recordTime(),
                event.readings()));
        return ByteBuffer.wrap(digest.digest(encoded)).getLong();
    }

    private static long besidesBytes(ConsumerRecord<byte[], byte[]> record) {
        long bytes = record.key() == null ? 0 : record.key().length;
        for (Header header : record.headers()) {
            bytes += Acceptance.HEADER_BYTES
                    + header.key().length()
                    + (header.value() == null ? 0 : header.value().length);
        }
        return bytes;
    }

    private int latest() {
        return rules.keySet().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    private RevisionRules rules(int number) {
        return rules.computeIfAbsent(
                number,
                revision -> revision == 0
                        ? RevisionRules.BEFORE_ANY
                        : RevisionRules.of(catalogs.revision(revision, CatalogReader.PATIENCE)));
    }

    private void find(ConsumerRecord<byte[], byte[]> record, String difference) {
        findings.add(Finding.at(record.topic(), record.partition(), record.offset(), difference));
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
