package io.tallystick.deploy.app.alerts;

import io.tallystick.deploy.app.Failure;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where alerts are sent.
 *
 * @param url takes a POST for each alert
 * @param secrets every one signs, so that a receiver can go over from one to the next
 */
public record WebhookSettings(URI url, List<WebhookSecret> secrets) {

    static final String URL = "ALERT_WEBHOOK_URL";
    static final String SECRET = "ALERT_WEBHOOK_SECRET";

    public WebhookSettings {
        secrets = List.copyOf(secrets);
    }

    /**
     * Reads {@code ALERT_WEBHOOK_URL} and {@code ALERT_WEBHOOK_SECRET}; empty when neither is set. A Failure when one lacks the other or cannot be.
     *
     * @param setting what a name is set to, or null
     */
    public static Optional<WebhookSettings> of(Function<String, @Nullable String> setting) {
        String url = setting.apply(URL);
        String secret = setting.apply(SECRET);
        if (isUnset(url) && isUnset(secret)) {
            return Optional.empty();
        }
        if (isUnset(url)) {
            throw Failure.wrongInput(SECRET + " is set, but not " + URL, "set both, or neither");
        }
        if (isUnset(secret)) {
            throw Failure.wrongInput(
                    URL + " is set, but not " + SECRET,
                    "set it to " + WebhookSecret.PREFIX + " and the base64 of at least 24 random bytes");
        }
        List<WebhookSecret> secrets = new ArrayList<>();
        for (String each : secret.split(",")) {
            secrets.add(WebhookSecret.parse(each.strip())
                    .orElseThrow(() -> Failure.wrongInput(
                            SECRET + " is not what it should be",
                            "set it to " + WebhookSecret.PREFIX
                                    + " and the base64 of 24 to 64 random bytes; several with commas")));
        }
        return Optional.of(new WebhookSettings(address(url), secrets));
    }

    private static boolean isUnset(@Nullable String text) {
        return text == null || text.isBlank();
    }

    private static URI address(String text) {
        try {
            URI url = URI.create(text.strip());
            if (url.getHost() != null && ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // Said below, without the text: an address may carry a password.
        }
        throw Failure.wrongInput(URL + " is not an address", "write it as https://HOST/PATH");
    }
}
