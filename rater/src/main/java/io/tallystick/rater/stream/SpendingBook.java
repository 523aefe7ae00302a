package io.tallystick.rater.stream;

import io.tallystick.schemas.catalog.Subscription;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** What each subscription has spent, kept as it is rated, so that a question costs one look-up. */
final class SpendingBook {

    private static final int ON_HEAP_MAX = 10_000;

    private final RecentRows<String, String> standing;

    /** @param standing by tenant and subscription: {@link Spent} */
    SpendingBook(KeyValueStore<String, String> standing) {
        this.standing = new RecentRows<>(standing, ON_HEAP_MAX);
    }

    /** The newest open period was rated again. */
    void put(Subscription subscription, Spent now) {
        String key = SubscriptionBook.key(subscription.tenant(), subscription.subscription());
        @Nullable String before = standing.get(key);
        String after = (before == null ? now : now.notUsedBefore(Spent.usedAt(before))).text();
        if (!after.equals(before)) {
            standing.put(key, after);
        }
    }
}
