/** Payment providers over HTTP, and the worker that brings deliveries to them. It knows no Kafka: where receipts go is told it. */
@NullMarked
package io.tallystick.invoicer.provider;

import org.jspecify.annotations.NullMarked;
