package io.tallystick.schemas.catalog;

import java.util.Locale;

/** The kinds of objects that a catalogue keeps by name. */
public enum CatalogKind {
    METER,
    PRICING,
    SUBSCRIPTION,
    CREDIT;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of this name; an IllegalArgumentException if there is none. */
    public static CatalogKind parse(String text) {
        for (CatalogKind kind : values()) {
            if (kind.text().equals(text)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no kind of catalogue object: " + text);
    }
}
