package io.tallystick.invoicer.delivery;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A card or account that Paystack may charge, as a subscription's {@code customer} names it: {@code AUTH_… someone@example.com}. */
record PaystackAuthorization(String code, String email) {

    private static final Pattern TEXT = Pattern.compile("(AUTH_[A-Za-z0-9]+)\\s+(\\S+@\\S+)");

    /** Empty for a customer, who gets a payment request instead. */
    static Optional<PaystackAuthorization> parse(String customer) {
        Matcher matcher = TEXT.matcher(customer.trim());
        return matcher.matches()
                ? Optional.of(new PaystackAuthorization(matcher.group(1), matcher.group(2)))
                : Optional.empty();
    }
}
