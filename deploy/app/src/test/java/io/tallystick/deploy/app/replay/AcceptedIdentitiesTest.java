package io.tallystick.deploy.app.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Place;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AcceptedIdentitiesTest {

    private final AcceptedIdentities identities = new AcceptedIdentities();

    @Test
    void everyIdentityIsFoundAmongManyThatShareTheirSlots() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Map<Identity, Long> expected = new HashMap<>();
        for (long offset = 0; offset < 10_000; offset++) {
            Identity identity = new Identity(random.nextLong(), random.nextInt(2_000)); // few low bits: long runs
            if (expected.putIfAbsent(identity, offset) == null) {
                assertThat(identities.add(event(identity, offset, 7))).isNull();
            }
        }

        expected.forEach((identity, offset) -> assertThat(identities.of(identity))
                .isEqualTo(new AcceptedIdentities.Taken(offset, 7, offset, new Place(3, offset), null)));
        assertThat(identities.of(new Identity(random.nextLong(), 2_001))).isNull();
    }

    @Test
    void whoTookAnIdentityAgainKnowsWhoHadItBefore() {
        Identity identity = new Identity(0, 0);

        assertThat(identities.of(identity)).isNull();
        assertThat(identities.add(event(identity, 0, 1))).isNull();
        AcceptedIdentities.Taken first = identities.add(event(identity, 5, 2));
        AcceptedIdentities.Taken second = identities.add(event(identity, 9, 3));
        for (long other = 1; other <= 5_000; other++) {
            identities.add(event(new Identity(other, other), other, 1)); // it grows
        }

        assertThat(first).isEqualTo(new AcceptedIdentities.Taken(0, 1, 0, new Place(3, 0), null));
        assertThat(second).isEqualTo(new AcceptedIdentities.Taken(5, 2, 5, new Place(3, 5), first));
        assertThat(identities.of(identity)).isEqualTo(new AcceptedIdentities.Taken(9, 3, 9, new Place(3, 9), second));
    }

    private static AcceptedEvent event(Identity identity, long offset, int revision) {
        return new AcceptedEvent(
                "acme", 0, 0, new Place(3, offset), identity, offset, revision, offset, offset, List.of());
    }
}
