package io.tallystick.schemas.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Currency;
import java.util.List;
import org.junit.jupiter.api.Test;

class MinorUnitsTest {

    @Test
    void mostCurrenciesHaveTwoDecimalsAndSomeHaveNoneThreeOrFour() {
        assertThat(MinorUnits.of("USD")).isEqualTo(2);
        assertThat(MinorUnits.of("JPY")).isZero();
        assertThat(MinorUnits.of("UGX")).isZero();
        assertThat(MinorUnits.of("ISK")).isZero();
        assertThat(MinorUnits.of("KWD")).isEqualTo(3);
        assertThat(MinorUnits.of("CLF")).isEqualTo(4);
    }

    @Test
    void theTableAgreesWithTheJavaRuntimeOnCurrenciesInUse() {
        for (String code :
                List.of("EUR", "GBP", "KRW", "CLP", "HUF", "BHD", "TND", "XOF", "VND", "INR", "NGN", "ZAR")) {
            assertThat(MinorUnits.of(code))
                    .as(code)
                    .isEqualTo(Currency.getInstance(code).getDefaultFractionDigits());
        }
    }
}
