package io.tallystick.invoicer.provider;

/**
 * Something in which the ledger and a provider do not agree.
 *
 * @param subject the invoice's id, or the customer, meter and hour
 * @param problem for people
 */
public record Difference(String subject, String problem) {}
