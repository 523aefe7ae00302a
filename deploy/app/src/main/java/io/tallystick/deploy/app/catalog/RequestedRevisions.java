package io.tallystick.deploy.app.catalog;

import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogCanonical;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.CreditGrant;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.BillingRequest;
import io.tallystick.schemas.event.BillingRequest.CreditRequested;
import io.tallystick.schemas.event.BillingRequest.RevisionRequested;
import io.tallystick.schemas.event.BillingRequest.SubscriptionRequested;
import io.tallystick.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What was asked of ingest about revisions, subscriptions and credits, as it stands in {@code billing.requests}; and what is missing
 * there, because a process ended between publishing a revision and asking for it.
 */
final class RequestedRevisions {

    private static final Duration POLL = Duration.ofMillis(200);

    private final int partitions;
    private final Map<Integer, Integer> byPartition = new HashMap<>();
    private final Map<String, Integer> bySubscription = new HashMap<>();
    private final Map<String, Integer> byCredit = new HashMap<>();

    private RequestedRevisions(int partitions) {
        this.partitions = partitions;
    }

    /** Reads the topic to its present end. */
    static RequestedRevisions read(Topics topics, Consumer<String, byte[]> consumer) {
        RequestedRevisions requested = new RequestedRevisions(topics.partitions());
        List<TopicPartition> all = IntStream.range(0, topics.partitions())
                .mapToObj(
                        partition -> new TopicPartition(topics.billingRequests().name(), partition))
                .toList();
        consumer.assign(all);
        consumer.seekToBeginning(all);
        Map<TopicPartition, Long> ends = consumer.endOffsets(all);
        while (all.stream().anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                requested.take(TopicCodecs.REQUESTS.decode(record.value()));
            }
        }
        return requested;
    }

    /** What must still be asked for so that the newest of {@code revisions} comes into force, in order. */
    List<BillingRequest> missing(List<CatalogRevision> revisions) {
        List<BillingRequest> missing = new ArrayList<>();
        if (revisions.isEmpty()) {
            return missing;
        }
        CatalogRevision newest = revisions.get(revisions.size() - 1);
        for (int partition = 0; partition < partitions; partition++) {
            if (byPartition.getOrDefault(partition, 0) < newest.number()) {
                missing.add(new RevisionRequested(partition, newest.number(), newest.hash()));
            }
        }
        newest.catalog().subscriptions().forEach((name, subscription) -> {
            int changedIn = lastChange(
                    subscription, revisions, catalog -> catalog.subscriptions().get(name));
            if (bySubscription.getOrDefault(name, 0) < changedIn) {
                missing.add(request(newest.number(), subscription));
            }
        });
        newest.catalog().credits().forEach((name, grant) -> {
            int changedIn =
                    lastChange(grant, revisions, catalog -> catalog.credits().get(name));
            if (byCredit.getOrDefault(name, 0) < changedIn) {
                missing.add(request(newest.number(), grant));
            }
        });
        return missing;
    }

    /** The request that a subscription stand as it does in a revision. */
    static SubscriptionRequested request(int revision, Subscription subscription) {
        return new SubscriptionRequested(
                subscription.tenant(), revision, subscription.subscription(), CatalogCanonical.json(subscription));
    }

    /** The request that a credit stand as it does in a revision. */
    static CreditRequested request(int revision, CreditGrant grant) {
        return new CreditRequested(grant.tenant(), revision, grant.credit(), CatalogCanonical.json(grant));
    }

    private static <T> int lastChange(T now, List<CatalogRevision> revisions, Function<Catalog, @Nullable T> objectOf) {
        int at = revisions.size() - 1;
        while (at > 0 && now.equals(objectOf.apply(revisions.get(at - 1).catalog()))) {
            at--;
        }
        return revisions.get(at).number();
    }

    private void take(BillingRequest request) {
        if (request instanceof RevisionRequested revision) {
            byPartition.merge(revision.partition(), revision.revision(), Math::max);
        } else if (request instanceof SubscriptionRequested subscription) {
            bySubscription.merge(subscription.subscription(), subscription.revision(), Math::max);
        } else if (request instanceof CreditRequested credit) {
            byCredit.merge(credit.credit(), credit.revision(), Math::max);
        }
    }
}
