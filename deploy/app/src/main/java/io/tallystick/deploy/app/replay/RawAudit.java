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
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topics;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Holds the records of one partition of {@code usage.events}, in their order, to what the log says became of them. For one thread. */
final class RawAudit {

    private final Topics topics;
    private final AuditRules rules;
    private final Outcomes outcomes;
    private final List<AcceptedIdentities> identities;
    private final boolean isTrimmed;
    private final Findings findings;
    private final EventDecoder decoder = new EventDecoder();
    private final Acceptance acceptance = new Acceptance();
    private final Fingerprint fingerprint = new Fingerprint();
    private long newest = Long.MIN_VALUE;
    private long events;

    /**
     * @param outcomes of this partition
     * @param identities of all partitions
     * @param isTrimmed whether dead letters were removed by age: what is missing there proves nothing
     */
    RawAudit(
            Topics topics,
            AuditRules rules,
            Outcomes outcomes,
            List<AcceptedIdentities> identities,
            boolean isTrimmed,
            Findings findings) {
        this.topics = topics;
        this.rules = rules;
        this.outcomes = outcomes;
        this.identities = identities;
        this.isTrimmed = isTrimmed;
        this.findings = findings;
    }

    /** How many it has looked at. */
    long events() {
        return events;
    }

    void look(ConsumerRecord<byte[], byte[]> record) {
        events++;
        long time = Math.max(0, record.timestamp());
        newest = Math.max(newest, time);
        look(record, time);
        outcomes.done(record.offset());
    }

    private void look(ConsumerRecord<byte[], byte[]> record, long time) {
        long offset = record.offset();
        Reason reason = outcomes.reason(offset);
        if (outcomes.isAccepted(offset)) {
            if (reason != null) {
                find(record, "is accepted at " + outcomes.place(offset) + " and rejected as " + reason.text());
            }
            lookAtAccepted(record, time);
        } else if (reason != null) {
            lookAtRejected(record, reason, rules.of(outcomes.revision(offset)), time);
        } else if (!isDuplicate(record)) {
            Decision now = decide(record, rules.newest(), time);
            if (!(isTrimmed && now instanceof Rejection)) {
                find(record, "has no outcome: neither accepted, nor rejected, nor the duplicate of an accepted event");
            }
        }
    }

    private void lookAtAccepted(ConsumerRecord<byte[], byte[]> record, long time) {
        long offset = record.offset();
        int revision = outcomes.revision(offset);
        Decision decision = decide(record, rules.of(revision), time);
        if (decision instanceof Rejection rejection) {
            find(
                    record,
                    "is accepted at " + outcomes.place(offset) + ", its bytes give "
                            + rejection.reason().text());
        } else if (fingerprint.of(accepted((Candidate) decision, record, revision, time))
                != outcomes.fingerprint(offset)) {
            find(
                    record,
                    "is accepted at " + topics.usageAccepted().name() + " " + outcomes.place(offset)
                            + " with other content than its bytes give under revision " + revision);
        }
    }

    private void lookAtRejected(ConsumerRecord<byte[], byte[]> record, Reason reason, RevisionRules rules, long time) {
        Decision decision = decide(record, rules, time);
        Reason expected = decision instanceof Rejection rejection ? rejection.reason() : null;
        // What depends on others than the event itself: copies in front of it, and how much ingest has had to forget.
        boolean dependsOnOthers = expected == null
                && (reason == Reason.TOO_OLD || (reason == Reason.CONFLICTING_DUPLICATE && taken(record) != null));
        if (reason != expected && !dependsOnOthers) {
            find(
                    record,
                    "is rejected as " + reason.text() + ", its bytes give "
                            + (expected == null ? "an event to accept" : expected.text()));
        }
    }

    private Decision decide(ConsumerRecord<byte[], byte[]> record, RevisionRules rules, long time) {
        if (Acceptance.isTooLarge(record.value() == null ? 0 : record.value().length, besidesBytes(record))) {
            return new Rejection(Reason.TOO_LARGE, "");
        }
        return acceptance.decide(decode(record, rules), rules, time, newest);
    }

    private boolean isDuplicate(ConsumerRecord<byte[], byte[]> record) {
        for (AcceptedIdentities.Taken first = taken(record); first != null; first = first.before()) {
            RevisionRules then = rules.of(first.revision());
            if (acceptance.hasContent(decode(record, then), then, first.recordTime(), first.contentHash())) {
                return true;
            }
        }
        return false;
    }

    /** Who took the record's identity, the newest. */
    private AcceptedIdentities.@Nullable Taken taken(ConsumerRecord<byte[], byte[]> record) {
        DecodedEvent event = decode(record, RevisionRules.BEFORE_ANY);
        String tenant = event.subject();
        String id = event.id();
        if (event.malformed() != null || tenant == null || id == null) {
            return null;
        }
        Identity identity = acceptance.identity(tenant, event.idempotencyKey(), event.source(), id);
        return identities
                .get(TenantPartitioner.partitionOf(tenant, topics.partitions()))
                .of(identity);
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

    private static long besidesBytes(ConsumerRecord<byte[], byte[]> record) {
        long bytes = record.key() == null ? 0 : record.key().length;
        for (Header header : record.headers()) {
            bytes += Acceptance.HEADER_BYTES
                    + header.key().length()
                    + (header.value() == null ? 0 : header.value().length);
        }
        return bytes;
    }

    private void find(ConsumerRecord<byte[], byte[]> record, String difference) {
        findings.add(Finding.at(record.topic(), record.partition(), record.offset(), difference));
    }
}
