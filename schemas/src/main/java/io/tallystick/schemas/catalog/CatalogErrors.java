package io.tallystick.schemas.catalog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong with a catalogue, each thing once, and remembers where, so that one mistake is not reported twice in other words. */
final class CatalogErrors {

    /** More than this are counted and not listed. */
    static final int ERRORS_MAX = 1000;

    private final Set<CatalogError> errors = new LinkedHashSet<>();
    private final Set<String> broken = new HashSet<>();
    private int unlisted;

    CatalogErrors copy() {
        CatalogErrors copy = new CatalogErrors();
        copy.errors.addAll(errors);
        copy.broken.addAll(broken);
        copy.unlisted = unlisted;
        return copy;
    }

    void add(String path, String message) {
        broken.add(path);
        if (errors.size() < ERRORS_MAX) {
            errors.add(new CatalogError(path, message));
        } else {
            unlisted++;
        }
    }

    /** What stands at {@code path} is not to be relied on; the reason is reported elsewhere. */
    void markBroken(String path) {
        broken.add(path);
    }

    /** Whether what stands at {@code path} could not be read. */
    boolean isBroken(String path) {
        return broken.contains(path);
    }

    List<CatalogError> list() {
        List<CatalogError> list = new ArrayList<>(errors);
        if (unlisted > 0) {
            list.add(new CatalogError("", unlisted + " more errors are not listed; mend these first"));
        }
        return List.copyOf(list);
    }
}
