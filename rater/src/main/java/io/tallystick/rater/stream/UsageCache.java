package io.tallystick.rater.stream;

import io.tallystick.schemas.event.WindowTotal;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The {@link TenantUsage} of the tenants that had usage last, as many as the bound of windows allows; the others are read from the store when they come up. */
final class UsageCache {

    private static final int WINDOWS_MAX = 400_000; // about 150 bytes each

    private final WindowStore store;
    private final Map<String, TenantUsage> byTenant = new LinkedHashMap<>(64, 0.75f, true);
    private long windows;

    UsageCache(WindowStore store) {
        this.store = store;
    }

    /** A window that the store has taken in. */
    void put(WindowTotal total) {
        TenantUsage usage = byTenant.get(total.tenant());
        if (usage != null) {
            windows -= usage.windows();
            usage.put(total);
            windows += usage.windows();
        }
    }

    /** The tenant's windows from {@code hour} on, and all its levels. */
    TenantUsage from(String tenant, long hour) {
        @Nullable TenantUsage held = byTenant.get(tenant);
        if (held != null && held.reachesBackTo(hour)) {
            return held;
        }
        TenantUsage loaded = new TenantUsage(hour);
        store.forEachFrom(tenant, hour, loaded::put);
        windows += loaded.windows() - (held == null ? 0 : held.windows());
        byTenant.put(tenant, loaded);
        evictDownTo(WINDOWS_MAX, tenant);
        return loaded;
    }

    /** The tenant's windows are read anew when it comes up: to be called when fewer of them are needed from now on. */
    void forget(String tenant) {
        @Nullable TenantUsage held = byTenant.remove(tenant);
        windows -= held == null ? 0 : held.windows();
    }

    private void evictDownTo(long most, String kept) {
        Iterator<Map.Entry<String, TenantUsage>> eldestFirst =
                byTenant.entrySet().iterator();
        while (windows > most && eldestFirst.hasNext()) {
            Map.Entry<String, TenantUsage> eldest = eldestFirst.next();
            if (!eldest.getKey().equals(kept)) {
                windows -= eldest.getValue().windows();
                eldestFirst.remove();
            }
        }
    }
}
