/** Invoices: how they come about at a close and what may become of them. Pure rules. */
@NullMarked
package io.tallystick.invoicer.invoice;

import org.jspecify.annotations.NullMarked;
