/** The invoicer's part of the HTTP interface. */
@NullMarked
package io.tallystick.invoicer.http;

import org.jspecify.annotations.NullMarked;
