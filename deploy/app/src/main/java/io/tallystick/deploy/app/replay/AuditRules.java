package io.tallystick.deploy.app.replay;

import io.tallystick.ingest.acceptance.RevisionRules;
import io.tallystick.schemas.topic.CatalogReader;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The rules of each catalogue revision that an outcome names. Safe for any number of threads. */
final class AuditRules {

    private final CatalogReader catalogs;
    private final Map<Integer, RevisionRules> rules = new ConcurrentHashMap<>();
    private final AtomicInteger newest = new AtomicInteger();

    AuditRules(CatalogReader catalogs) {
        this.catalogs = catalogs;
    }

    /** An outcome names this revision. */
    void named(int revision) {
        if (revision > newest.get()) {
            newest.accumulateAndGet(revision, Math::max);
        }
    }

    /** Of the newest revision that any outcome names. */
    RevisionRules newest() {
        return of(newest.get());
    }

    RevisionRules of(int revision) {
        return rules.computeIfAbsent(
                revision,
                number -> number == 0
                        ? RevisionRules.BEFORE_ANY
                        : RevisionRules.of(catalogs.revision(number, CatalogReader.PATIENCE)));
    }
}
