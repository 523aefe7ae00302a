package io.tallystick.schemas.event;

import java.time.Instant;

/**
 * A webhook as it came, behind its checked signature. It may come repeatedly and in any order.
 *
 * @param tenant whose invoice it is about, or "" where that was not known when it came
 * @param event the provider's id of it
 * @param type in the provider's words
 * @param object the provider's id of what it is about, or ""
 * @param status of that object, in the provider's words, or ""
 * @param at when the provider says that it happened
 * @param body the raw body
 */
public record ProviderEvent(
        String tenant,
        String provider,
        String event,
        String type,
        String object,
        String status,
        Instant at,
        String body)
        implements ReceiptRecord {}
