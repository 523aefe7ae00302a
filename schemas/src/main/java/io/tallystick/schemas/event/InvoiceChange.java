package io.tallystick.schemas.event;

import java.time.Instant;

/**
 * One step in the life of an invoice, with its cause.
 *
 * @param status from then on
 * @param at the timestamp of the record that caused it
 * @param sequence of that record, in the tenant's order
 * @param reason in the words of whoever asked or reported; may be ""
 */
public record InvoiceChange(InvoiceStatus status, Instant at, long sequence, String reason) {}
