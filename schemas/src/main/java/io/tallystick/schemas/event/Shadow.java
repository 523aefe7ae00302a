package io.tallystick.schemas.event;

import java.math.BigDecimal;

/**
 * The same usage under a second pricing version, never charged.
 *
 * @param total under that version, at the currency's scale
 * @param difference {@code total} less what is charged
 * @param explanation for the customer, in words
 */
public record Shadow(String pricingVersion, BigDecimal total, BigDecimal difference, String explanation) {}
