package io.tallystick.schemas.catalog;

import java.util.regex.Pattern;

/** How the things of a catalogue may be called. */
enum Names {
    METER(
            "[a-z0-9]+(_[a-z0-9]+)*",
            "a meter's name is lower-case letters and digits in words joined by _ (api_requests), at most 64 characters"),

    /** Versions, plans, charges and subscriptions: they become parts of ids, of file names and of addresses. */
    ID(
            "[A-Za-z0-9]+([._-][A-Za-z0-9]+)*",
            "a name is letters and digits in words joined by one of . _ - (acme-main), at most 64 characters"),

    DIMENSION(
            "[A-Za-z0-9_]+([.-][A-Za-z0-9_]+)*",
            "a dimension's name is letters, digits and _ in words joined by . or - (gpu_type), at most 64 characters");

    static final int LENGTH_MAX = 64;

    private final Pattern pattern;
    private final String rule;

    Names(String pattern, String rule) {
        this.pattern = Pattern.compile(pattern);
        this.rule = rule;
    }

    boolean allow(String name) {
        return name.length() <= LENGTH_MAX && pattern.matcher(name).matches();
    }

    String rule() {
        return rule;
    }
}
