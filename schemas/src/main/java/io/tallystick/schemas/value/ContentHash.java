package io.tallystick.schemas.value;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The name that content has by itself: {@code sha256:} and the 64 lower-case hex digits of SHA-256 over its UTF-8 bytes. */
public final class ContentHash {

    private static final String PREFIX = "sha256:";

    private ContentHash() {}

    public static String of(String text) {
        return PREFIX + HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
