package io.tallystick.invoicer.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderSettingsTest {

    @Test
    void aLimitOfNothingIsNoLimitAndTheStreamHasOneOfItsOwn() {
        ProviderSettings settings = settings(Map.of("STRIPE_API_KEY", "sk_test_1", "STRIPE_RATE_LIMIT", "0"), false);

        assertThat(settings.worker().requestsPerSecond())
                .isEqualTo(Map.of("stripe", 0L, StripeProvider.STREAM, 8_000L, "paystack", 10L));
    }

    @ParameterizedTest
    @CsvSource({
        "STRIPE_METER_EVENTS, streams, false, STRIPE_METER_EVENTS is single or stream",
        "STRIPE_STREAM_RATE_LIMIT, -1, false, STRIPE_STREAM_RATE_LIMIT is a whole number from 0 to 999999",
        "STRIPE_API_KEY, pk_test_s3cret, false, 'STRIPE_API_KEY is a publishable key (pk_…), which may ask for nothing; take the secret one (sk_…) or'",
        "STRIPE_API_KEY, pk_live_s3cret, true, STRIPE_API_KEY is a publishable key",
        "PAYSTACK_SECRET_KEY, pk_test_s3cret, false, PAYSTACK_SECRET_KEY is a publishable key",
        "STRIPE_API_KEY, sk_live_s3cret, false, STRIPE_API_KEY is a live key",
        "STRIPE_API_KEY, sk_test_s3cret, true, STRIPE_API_KEY is no live key"
    })
    void whatDoesNotFitIsRefusedWithoutTheSecret(String name, String value, boolean live, String problem) {
        assertThatThrownBy(() -> settings(Map.of(name, value), live))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(problem)
                .hasMessageNotContaining("s3cret");
    }

    private static ProviderSettings settings(Map<String, String> values, boolean live) {
        return ProviderSettings.of(name -> Optional.ofNullable(values.get(name)), live);
    }
}
