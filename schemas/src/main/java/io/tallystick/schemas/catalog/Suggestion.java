package io.tallystick.schemas.catalog;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that a mistyped one was meant to be. */
final class Suggestion {

    /** Nobody mistypes a word this long. */
    private static final int LENGTH_MAX = 100;

    private Suggestion() {}

    /** The nearest of {@code words}, if it is near enough to be a typing mistake. */
    static Optional<String> of(String typed, Collection<String> words) {
        if (typed.length() > LENGTH_MAX) {
            return Optional.empty();
        }
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

    /** How many letters to insert, remove, replace or swap with the next; {@code limit} when that many or more. */
    private static int distance(String one, String other, int limit) {
        if (Math.abs(one.length() - other.length()) >= limit) {
            return limit;
        }
        int[][] rows = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                rows[i][j] = i == 0 || j == 0 ? i + j : step(one, other, i, j, rows);
            }
        }
        return Math.min(limit, rows[one.length()][other.length()]);
    }

    private static int step(String one, String other, int i, int j, int[][] rows) {
        char a = one.charAt(i - 1);
        char b = other.charAt(j - 1);
        int least = Math.min(rows[i - 1][j - 1] + (a == b ? 0 : 1), 1 + Math.min(rows[i - 1][j], rows[i][j - 1]));
        boolean isSwapped = i > 1 && j > 1 && a == other.charAt(j - 2) && b == one.charAt(i - 2);
        return isSwapped ? Math.min(least, rows[i - 2][j - 2] + 1) : least;
    }
}
