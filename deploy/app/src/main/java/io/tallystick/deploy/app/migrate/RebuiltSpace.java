package io.tallystick.deploy.app.migrate;

import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.replay.Finding;
import io.tallystick.deploy.app.replay.LegibleRecord;
import io.tallystick.deploy.app.replay.LogSource;
import io.tallystick.deploy.app.replay.Replay;
import io.tallystick.deploy.app.replay.StandingInvoices;
import io.tallystick.deploy.app.role.QuietStages;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.RevisionInForce;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** What the stages have made of a new space, beside what stands in the one that it is made of. */
final class RebuiltSpace {

    private static final long LOOK_EVERY_MS = 250;
    /** When nothing has been written for so long, nothing more is coming. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

    private final LogSource after;
    private final QuietStages stages;

    RebuiltSpace(LogSource after, QuietStages stages) {
        this.after = after;
        this.stages = stages;
    }

    /** What stands, by id. */
    record Books(Map<String, Invoice> invoices, Map<String, Delivery> deliveries) {

        static Books of(LogSource log) {
            Map<String, Invoice> invoices = new TreeMap<>();
            Map<String, Delivery> deliveries = new TreeMap<>();
            Topic topic = log.topics().billingDeliveries();
            for (int partition = 0; partition < topic.partitions(); partition++) {
                invoices.putAll(StandingInvoices.readWhole(log, partition));
                log.read(topic, partition, log.end(topic, partition), record -> {
                    Delivery delivery = LegibleRecord.content(TopicCodecs.DELIVERIES, record);
                    deliveries.putIfAbsent(delivery.id(), delivery);
                });
            }
            return new Books(invoices, deliveries);
        }
    }

    /** Waits until the stages have made the same of it, or nothing more; gives what they made. */
    Books await(Books wanted) {
        List<Long> ends = List.of();
        long quietSince = System.nanoTime();
        while (true) {
            stages.failure().ifPresent(what -> {
                throw Failure.checkFailed(what, "look at the log of this command; the new space is removed");
            });
            List<Long> now = ends();
            if (!now.equals(ends)) {
                ends = now;
                quietSince = System.nanoTime();
                Books made = Books.of(after);
                if (isThere(wanted, made)) {
                    return made;
                }
            } else if (System.nanoTime() - quietSince > SILENCE_MAX.toNanos()) {
                return Books.of(after);
            }
            pause();
        }
    }

    private static boolean isThere(Books wanted, Books made) {
        return made.deliveries().keySet().containsAll(wanted.deliveries().keySet())
                && wanted.invoices().values().stream().allMatch(invoice -> {
                    Invoice other = made.invoices().get(invoice.id());
                    return other != null && other.sequence() == invoice.sequence();
                });
    }

    private List<Long> ends() {
        List<Long> ends = new ArrayList<>();
        for (Function<Topics, Topic> one : List.<Function<Topics, Topic>>of(
                Topics::usageAccepted,
                Topics::usageTotals,
                Topics::billingCharges,
                Topics::billingInvoices,
                Topics::billingDeliveries)) {
            Topic topic = one.apply(after.topics());
            for (int partition = 0; partition < topic.partitions(); partition++) {
                ends.add(after.end(topic, partition));
            }
        }
        return ends;
    }

    /** How many accepted records there are, revisions aside. */
    long accepted() {
        AtomicLong records = new AtomicLong();
        Topic topic = after.topics().usageAccepted();
        for (int partition = 0; partition < topic.partitions(); partition++) {
            after.read(topic, partition, after.end(topic, partition), record -> {
                if (!(TopicCodecs.ACCEPTED.decode(record.value()) instanceof RevisionInForce)) {
                    records.incrementAndGet();
                }
            });
        }
        return records.get();
    }

    /** Where the two are not the same. */
    static List<Finding> differences(Books before, Books after) {
        List<Finding> differences = new ArrayList<>();
        before.invoices().forEach((id, invoice) -> {
            Invoice other = after.invoices().get(id);
            Replay.differences(invoice, other).forEach(what -> differences.add(new Finding("invoice " + id, what)));
            if (other != null && !isSameRecord(invoice, other)) {
                differences.add(new Finding("invoice " + id, "number, status or history differ"));
            }
        });
        after.invoices().forEach((id, invoice) -> {
            if (!before.invoices().containsKey(id)) {
                differences.add(new Finding("invoice " + id, "the new space has it, the other one has not"));
            }
        });
        before.deliveries().forEach((id, delivery) -> {
            if (!delivery.equals(after.deliveries().get(id))) {
                differences.add(new Finding(
                        "delivery " + id, "would not be the same, and what was sent could be sent once more"));
            }
        });
        after.deliveries().forEach((id, delivery) -> {
            if (!before.deliveries().containsKey(id)) {
                differences.add(new Finding("delivery " + id, "the new space would send it, the other one did not"));
            }
        });
        return differences;
    }

    private static boolean isSameRecord(Invoice one, Invoice other) {
        return one.number().equals(other.number())
                && one.status() == other.status()
                && one.sequence() == other.sequence()
                && one.history().equals(other.history());
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.unreachable("interrupted", "start again", e);
        }
    }
}
