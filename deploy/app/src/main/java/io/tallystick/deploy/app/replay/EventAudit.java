package io.tallystick.deploy.app.replay;

import io.tallystick.ingest.acceptance.Reason;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.codec.UnreadableRecordException;
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Holds {@code usage.accepted} and {@code usage.rejected} to {@code usage.events}: every record there has exactly one outcome, each accepted
 * one is what its bytes say under the revision it names, each rejection has the reason that its bytes give, and what is neither is the
 * duplicate of one that was accepted. Which of two copies came first is not decided again.
 */
final class EventAudit {

    private final LogSource source;
    private final Topics topics;
    private final AuditRules rules;
    private final IntPredicate isAsked;
    private final Workers workers;
    private final AtomicLong records;
    private final Findings findings;
    private final List<Outcomes> outcomes = new ArrayList<>();
    private final List<AcceptedIdentities> identities = new ArrayList<>();

    /** @param isAsked the partitions of {@code usage.events} to look at; of the outcomes all are read, since any tenant's may be there */
    EventAudit(
            LogSource source,
            CatalogReader catalogs,
            IntPredicate isAsked,
            Workers workers,
            AtomicLong records,
            Findings findings) {
        this.source = source;
        this.topics = source.topics();
        this.rules = new AuditRules(catalogs);
        this.isAsked = isAsked;
        this.workers = workers;
        this.records = records;
        this.findings = findings;
        for (int partition = 0; partition < topics.partitions(); partition++) {
            outcomes.add(new Outcomes());
            identities.add(new AcceptedIdentities());
        }
    }

    /**
     * Looks at every event in front of these ends.
     *
     * @param ends of {@code usage.events}, by partition, up to which ingest has decided
     */
    long run(List<Long> ends) {
        List<Callable<Boolean>> accepted = new ArrayList<>();
        List<Callable<Boolean>> rejected = new ArrayList<>();
        for (int partition = 0; partition < topics.partitions(); partition++) {
            int one = partition;
            accepted.add(() -> accepted(one));
            rejected.add(() -> rejected(one));
        }
        workers.all(accepted);
        boolean isTrimmed = workers.all(rejected).contains(true);
        List<Callable<Long>> raw = new ArrayList<>();
        for (int partition = 0; partition < topics.partitions(); partition++) {
            int one = partition;
            if (isAsked.test(one)) {
                raw.add(() -> raw(one, ends.get(one), isTrimmed));
            }
        }
        return workers.all(raw).stream().mapToLong(Long::longValue).sum();
    }

    private boolean accepted(int partition) {
        Topic topic = topics.usageAccepted();
        Fingerprint fingerprint = new Fingerprint();
        source.read(topic, partition, source.end(topic, partition), record -> accepted(record, fingerprint));
        return true;
    }

    private void accepted(ConsumerRecord<byte[], byte[]> record, Fingerprint fingerprint) {
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
        rules.named(event.revision());
        Outcomes of = outcomes.get(place.partition());
        if (isAsked.test(place.partition())
                && !of.accepted(
                        place.offset(), fingerprint.of(event), event.revision(), record.partition(), record.offset())) {
            find(
                    record,
                    "the event at " + place + " is accepted a second time; first at "
                            + topics.usageAccepted().name() + " " + of.place(place.offset()));
            return;
        }
        AcceptedIdentities.Taken before = identities.get(record.partition()).add(event);
        if (before != null
                && event.recordTime() - before.recordTime()
                        <= rules.of(before.revision()).memoryMs()) {
            find(record, "has the identity of the event at " + before.place() + ", which is accepted already");
        }
    }

    /** Whether dead letters of the partition were removed by age. */
    private boolean rejected(int partition) {
        Topic topic = topics.usageRejected();
        AtomicLong first = new AtomicLong(-1);
        source.read(topic, partition, source.end(topic, partition), record -> {
            first.compareAndSet(-1, record.offset());
            rejected(record);
        });
        return first.get() > 0;
    }

    private void rejected(ConsumerRecord<byte[], byte[]> record) {
        records.incrementAndGet();
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
                return;
            }
            int under = Integer.parseInt(revision);
            rules.named(under);
            if (isAsked.test(from) && !outcomes.get(from).rejected(Long.parseLong(offset), known, under)) {
                find(record, "the event at " + from + "@" + offset + " is rejected a second time");
            }
        } catch (NumberFormatException e) {
            find(record, "is no dead letter of this space");
        }
    }

    private long raw(int partition, long end, boolean isTrimmed) {
        Topic topic = topics.usageEvents();
        Outcomes of = outcomes.get(partition);
        RawAudit audit = new RawAudit(topics, rules, of, identities, isTrimmed, findings);
        source.read(topic, partition, end, record -> {
            records.incrementAndGet();
            audit.look(record);
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
        return audit.events();
    }

    private void find(ConsumerRecord<byte[], byte[]> record, String difference) {
        findings.add(Finding.at(record.topic(), record.partition(), record.offset(), difference));
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
