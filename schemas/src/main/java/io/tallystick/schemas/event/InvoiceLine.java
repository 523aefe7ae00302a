package io.tallystick.schemas.event;

import io.tallystick.schemas.value.Period;

/**
 * One line of a finalized invoice: a record of {@code billing.line_items}, complete in itself for those who read nothing else.
 *
 * @param invoice the id of the invoice
 * @param position of the line on the invoice, from 1
 * @param lines how many lines the invoice has
 */
public record InvoiceLine(
        String tenant,
        int shard,
        String invoice,
        String number,
        String subscription,
        Period period,
        String currency,
        int position,
        int lines,
        LineItem line) {}
