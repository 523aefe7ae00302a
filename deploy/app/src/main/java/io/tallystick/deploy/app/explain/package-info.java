/** Why a line is what it is, down to the events, and what became of one event: {@code explain} and {@code where-is}. */
@NullMarked
package io.tallystick.deploy.app.explain;

import org.jspecify.annotations.NullMarked;
