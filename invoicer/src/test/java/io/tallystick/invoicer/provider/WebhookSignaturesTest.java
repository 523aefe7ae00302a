package io.tallystick.invoicer.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.net.Webhook;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSignaturesTest {

    private static final Instant NOW = Instant.parse("2026-05-01T00:00:00Z");
    private static final String BODY = "{\"id\":\"evt_1\",\"name\":\"ü\"}";
    private static final ApiSecret SECRET = new ApiSecret("whsec_new");
    private static final ApiSecret FORMER = new ApiSecret("whsec_old");

    @Test
    void whatStripesOwnLibrarySignsIsTaken() throws GeneralSecurityException {
        assertThat(isTaken(header(NOW, "whsec_new"), SECRET)).isTrue();
        assertThat(isTaken(header(NOW, "whsec_old"), SECRET)).isFalse();
    }

    @Test
    void eitherSecretFitsWhileTheyAreRolled() throws GeneralSecurityException {
        assertThat(isTaken(header(NOW, "whsec_old"), SECRET, FORMER)).isTrue();
        String both = header(NOW, "whsec_old") + "," + header(NOW, "whsec_new").split(",", -1)[1];
        assertThat(isTaken(both, SECRET)).isTrue();
    }

    @Test
    void aTimeThatIsNotNowIsRefusedInBothDirections() throws GeneralSecurityException {
        assertThat(isTaken(header(NOW.minusSeconds(300), "whsec_new"), SECRET)).isTrue();
        assertThat(isTaken(header(NOW.minusSeconds(301), "whsec_new"), SECRET)).isFalse();
        assertThat(isTaken(header(NOW.plusSeconds(300), "whsec_new"), SECRET)).isTrue();
        assertThat(isTaken(header(NOW.plusSeconds(301), "whsec_new"), SECRET)).isFalse();
    }

    @Test
    void anotherBodyIsRefused() throws GeneralSecurityException {
        byte[] other = (BODY + " ").getBytes(StandardCharsets.UTF_8);

        assertThat(WebhookSignatures.isFromStripe(header(NOW, "whsec_new"), other, List.of(SECRET), NOW))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "t",
                "t=",
                "t=abc",
                "t=abc,v1=00",
                "v1=",
                "t=99999999999999999999,v1=00",
                "t=-1,v1=00",
                ",,,",
                "=",
                "t=1777593600",
                "t=1777593600,v1=",
                "t=1777593600,v0=00",
                "t=1777593600,v1=zz,v1"
            })
    void malformedHeadersAreRefused(String header) {
        assertThat(isTaken(header, SECRET)).isFalse();
    }

    @Test
    void withoutAHeaderOrASecretNothingIsTaken() throws GeneralSecurityException {
        byte[] body = BODY.getBytes(StandardCharsets.UTF_8);

        assertThat(WebhookSignatures.isFromStripe(null, body, List.of(SECRET), NOW))
                .isFalse();
        assertThat(isTaken(header(NOW, "whsec_new"))).isFalse();
        assertThat(WebhookSignatures.isFromPaystack(null, body, List.of(SECRET)))
                .isFalse();
    }

    @Test
    void paystackSignsTheBodyAlone() {
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        // printf '{}' | openssl dgst -sha512 -hmac sk_test_1
        String signature = PAYSTACK;

        assertThat(WebhookSignatures.isFromPaystack(signature, body, List.of(new ApiSecret("sk_test_1"))))
                .isTrue();
        assertThat(WebhookSignatures.isFromPaystack(signature, body, List.of(SECRET)))
                .isFalse();
    }

    private static final String PAYSTACK =
            "5e143149ee60422a72ed623d0639d97f76a4e207b0b715b556e19cfc5bc1464eed478656fb44a3d14472c9b5e12f77b3312fb7e57de26a5c6db011326ff8ddb2";

    private static boolean isTaken(String header, ApiSecret... secrets) {
        return WebhookSignatures.isFromStripe(header, BODY.getBytes(StandardCharsets.UTF_8), List.of(secrets), NOW);
    }

    private static String header(Instant at, String secret) throws GeneralSecurityException {
        long seconds = at.getEpochSecond();
        return "t=" + seconds + ",v1=" + Webhook.Util.computeHmacSha256(secret, seconds + "." + BODY);
    }
}
