/** What goes to payment providers, and how it gets there exactly once: plans, identities, the life of a delivery, retries. Pure rules. */
@NullMarked
package io.tallystick.invoicer.delivery;

import org.jspecify.annotations.NullMarked;
