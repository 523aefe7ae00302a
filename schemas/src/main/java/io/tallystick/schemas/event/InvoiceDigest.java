package io.tallystick.schemas.event;

import io.tallystick.schemas.value.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What two derivations of one bill have in common: {@code sha256:} and the hex digits of SHA-256 over the UTF-8 of the canonical JSON of what is billed.
 * Number, status, cut and catalogue revision are no part of it: they may differ between two derivations of the same bill.
 */
public final class InvoiceDigest {

    private static final List<String> BILLED =
            List.of("id", "tenant", "subscription", "period", "currency", "lines", "total", "shadow");

    private InvoiceDigest() {}

    public static String of(Invoice invoice) {
        return sha256(canonical(invoice));
    }

    /** The text that the digest is taken over: two invoices are byte-identical when this is. */
    public static String canonical(Invoice invoice) {
        Map<String, @Nullable Object> tree = InvoiceJson.tree(invoice);
        tree.keySet().retainAll(BILLED);
        return CanonicalJson.write(tree);
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
