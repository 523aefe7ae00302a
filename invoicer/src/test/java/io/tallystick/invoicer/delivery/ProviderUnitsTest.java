package io.tallystick.invoicer.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProviderUnitsTest {

    @Test
    void stripeCountsEachCurrencyByItsOwnTable() {
        assertThat(stripe("USD", "10.05")).containsExactly(1005L);
        assertThat(stripe("JPY", "1005")).containsExactly(1005L);
        assertThat(stripe("UGX", "1005")).containsExactly(100500L);
        assertThat(stripe("ISK", "-7")).containsExactly(-700L);
        assertThat(stripe("KWD", "5.120")).containsExactly(5120L);
        assertThat(stripe("HUF", "5.12")).containsExactly(512L);
    }

    @Test
    void aSumThatStripeCannotExpressIsRoundedOnceAndSharedOutByTheLargestRemainders() {
        assertThat(stripe("KWD", "1.004", "1.004", "1.004")).containsExactly(1010L, 1000L, 1000L);
        assertThat(stripe("KWD", "1.005")).containsExactly(1010L);
        assertThat(stripe("KWD", "-1.005")).containsExactly(-1010L);
        assertThat(stripe("KWD", "-1.004")).containsExactly(-1000L);
        assertThat(stripe("MGA", "0.40", "0.40", "0.40")).containsExactly(1L, 0L, 0L);
    }

    @Test
    void paystackCountsHundredthsOfEveryCurrencyThatItTakes() {
        assertThat(amounts(ProviderUnits.paystack("NGN"), "10.05")).containsExactly(1005L);
        assertThat(amounts(ProviderUnits.paystack("XOF"), "1005")).containsExactly(100500L);
        assertThat(ProviderUnits.paystack("JPY")).isEmpty();
    }

    @Test
    void aCurrencyWithoutAUnitThatIsSmallEnoughHasNone() {
        assertThat(ProviderUnits.stripe("CLF")).isEmpty();
        assertThat(ProviderUnits.stripe("IQD")).isEmpty();
    }

    private static List<Long> stripe(String currency, String... amounts) {
        return amounts(ProviderUnits.stripe(currency), amounts);
    }

    private static List<Long> amounts(Optional<ProviderUnits> units, String... amounts) {
        return units
                .orElseThrow()
                .allocate(Arrays.stream(amounts).map(BigDecimal::new).toList())
                .stream()
                .map(BigInteger::longValueExact)
                .toList();
    }
}
