package io.tallystick.deploy.app.server;

import java.util.Locale;
import java.util.Set;

/**
 * A key that requests are made with.
 *
 * @param name for people; never the key itself
 * @param role what it may do
 * @param tenants whose data it sees; empty for all
 */
record ApiKey(String name, Role role, Set<String> tenants) {

    enum Role {
        /** Sends events. */
        PRODUCER,
        /** Reads. */
        READER,
        /** Everything. */
        OPERATOR;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    ApiKey {
        tenants = Set.copyOf(tenants);
    }

    /** Who asks where no keys are used: whoever reaches the loopback address. */
    static final ApiKey ANYONE = new ApiKey("anyone", Role.OPERATOR, Set.of());

    boolean sees(String tenant) {
        return tenants.isEmpty() || tenants.contains(tenant);
    }
}
