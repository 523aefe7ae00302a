package io.tallystick.invoicer.provider;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Whether a webhook's raw body comes from the provider that it says it comes from. */
public final class WebhookSignatures {

    /** How far a signature's time may be from ours, in either direction. */
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final int HEADER_LENGTH_MAX = 4096;
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");

    private WebhookSignatures() {}

    /**
     * Stripe's: {@code t=SECONDS,v1=HEX[,v1=HEX]}, an HMAC-SHA256 of the time, a full stop and the body. Any secret may fit any signature.
     *
     * @param header null where there is none
     */
    public static boolean isFromStripe(@Nullable String header, byte[] body, List<ApiSecret> secrets, Instant now) {
        if (header == null || header.length() > HEADER_LENGTH_MAX) {
            return false;
        }
        String time = "";
        List<byte[]> signatures = new ArrayList<>();
        for (String part : header.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals < 0) {
                return false;
            }
            String name = part.substring(0, equals).trim();
            String value = part.substring(equals + 1).trim();
            if (name.equals("t")) {
                time = value;
            } else if (name.equals("v1")) {
                signatures.add(value.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
            }
        }
        if (!SECONDS.matcher(time).matches()) {
            return false;
        }
        Instant signedAt = Instant.ofEpochSecond(Long.parseLong(time));
        if (Duration.between(signedAt, now).abs().compareTo(TOLERANCE) > 0) {
            return false;
        }
        byte[] prefix = (time + ".").getBytes(StandardCharsets.UTF_8);
        boolean fits = false;
        for (ApiSecret secret : secrets) {
            byte[] expected = hex(hmac("HmacSHA256", secret, prefix, body));
            for (byte[] signature : signatures) {
                fits |= MessageDigest.isEqual(expected, signature);
            }
        }
        return fits;
    }

    /** Paystack's: an HMAC-SHA512 of the body in hex. */
    public static boolean isFromPaystack(@Nullable String header, byte[] body, List<ApiSecret> secrets) {
        if (header == null || header.length() > HEADER_LENGTH_MAX) {
            return false;
        }
        byte[] signature = header.trim().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
        boolean fits = false;
        for (ApiSecret secret : secrets) {
            fits |= MessageDigest.isEqual(hex(hmac("HmacSHA512", secret, new byte[0], body)), signature);
        }
        return fits;
    }

    private static byte[] hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] hmac(String algorithm, ApiSecret secret, byte[] prefix, byte[] body) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), algorithm));
            mac.update(prefix);
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
