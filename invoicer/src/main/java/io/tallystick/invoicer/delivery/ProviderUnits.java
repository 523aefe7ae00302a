package io.tallystick.invoicer.delivery;

import io.tallystick.schemas.value.MinorUnits;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * How one provider counts a currency: amounts are sent as whole numbers of its smallest unit. Each provider has a table of its own, for they agree neither
 * with ISO 4217 nor with each other.
 *
 * @param exponent the decimal places that are sent
 * @param step amounts are multiples of so many of the smallest unit
 */
public record ProviderUnits(int exponent, int step) {

    private static final ProviderUnits HUNDREDTHS = new ProviderUnits(2, 1);

    private static final Set<String> STRIPE_WHOLE = Set.of(
            "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF");

    /** Without a smaller unit in use, and sent in hundredths all the same. */
    private static final Set<String> STRIPE_WHOLE_IN_HUNDREDTHS = Set.of("ISK", "UGX");

    /** In thousandths, of which the last is always 0. */
    private static final Set<String> STRIPE_THOUSANDTHS = Set.of("BHD", "JOD", "KWD", "OMR", "TND");

    /** Hundredths for all, also for RWF and XOF, which have none. */
    private static final Map<String, ProviderUnits> PAYSTACK = Map.of(
            "EGP", HUNDREDTHS,
            "NGN", HUNDREDTHS,
            "GHS", HUNDREDTHS,
            "ZAR", HUNDREDTHS,
            "KES", HUNDREDTHS,
            "USD", HUNDREDTHS,
            "RWF", new ProviderUnits(2, 100),
            "XOF", new ProviderUnits(2, 100));

    /** Stripe's; empty where Stripe has no unit that is small enough for the ledger's. */
    public static Optional<ProviderUnits> stripe(String currency) {
        if (STRIPE_WHOLE.contains(currency)) {
            return Optional.of(new ProviderUnits(0, 1));
        }
        if (STRIPE_WHOLE_IN_HUNDREDTHS.contains(currency)) {
            return Optional.of(new ProviderUnits(2, 100));
        }
        if (STRIPE_THOUSANDTHS.contains(currency)) {
            return Optional.of(new ProviderUnits(3, 10));
        }
        return MinorUnits.of(currency) <= 2 ? Optional.of(HUNDREDTHS) : Optional.empty();
    }

    /** Paystack's; empty for currencies that it does not take. */
    public static Optional<ProviderUnits> paystack(String currency) {
        return Optional.ofNullable(PAYSTACK.get(currency));
    }

    /**
     * Amounts in the smallest unit. Where the provider's step is coarser than the ledger's, their sum is rounded half away from zero, and what that takes or
     * gives goes to the amounts with the largest remainders: so the parts always add up to the rounded whole.
     */
    public List<BigInteger> allocate(List<BigDecimal> amounts) {
        BigDecimal whole = amounts.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        BigInteger target = inSteps(whole).setScale(0, RoundingMode.HALF_UP).toBigInteger();
        List<BigInteger> floors = new ArrayList<>(amounts.size());
        BigInteger given = BigInteger.ZERO;
        for (BigDecimal amount : amounts) {
            BigInteger floor = inSteps(amount).setScale(0, RoundingMode.FLOOR).toBigInteger();
            floors.add(floor);
            given = given.add(floor);
        }
        List<Integer> byRemainder = IntStream.range(0, amounts.size())
                .boxed()
                .sorted(Comparator.comparing(
                                (Integer at) -> inSteps(amounts.get(at)).subtract(new BigDecimal(floors.get(at))))
                        .reversed()
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        int missing = target.subtract(given).intValueExact();
        for (int i = 0; i < missing; i++) {
            int at = byRemainder.get(i);
            floors.set(at, floors.get(at).add(BigInteger.ONE));
        }
        return floors.stream()
                .map(steps -> steps.multiply(BigInteger.valueOf(step)))
                .toList();
    }

    private BigDecimal inSteps(BigDecimal amount) {
        // A step is a power of ten, so that this ends.
        return amount.movePointRight(exponent).divide(BigDecimal.valueOf(step));
    }
}
