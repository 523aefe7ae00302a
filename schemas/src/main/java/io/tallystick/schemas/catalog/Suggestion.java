package io.tallystick.schemas.catalog;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that a mistyped one was meant to be. */
final class Suggestion {

    private Suggestion() {}

    /** The nearest of {@code words}, if it is near enough to be a typing mistake. */
    static Optional<String> of(String typed, Collection<String> words) {
        String nearest = null;
        int least = 1 + Math.min(3, Math.max(1, typed.length() / 3));
        for (String word : words) {
            int distance = distance(plain(typed), plain(word), least);
            if (distance < least) {
                least = distance;
                nearest = word;
            }
        }
        return Optional.ofNullable(nearest);
    }

    /** Case and the ways to join words do not count: {@code unit_price} is {@code unitPrice}. */
    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /** How many letters to insert, remove or replace; {@code limit} when that many or more. */
    private static int distance(String one, String other, int limit) {
        if (Math.abs(one.length() - other.length()) >= limit) {
            return limit;
        }
        int[] above = new int[other.length() + 1];
        for (int j = 0; j < above.length; j++) {
            above[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[above.length];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(row[j - 1], above[j]));
            }
            above = row;
        }
        return Math.min(limit, above[other.length()]);
    }
}
