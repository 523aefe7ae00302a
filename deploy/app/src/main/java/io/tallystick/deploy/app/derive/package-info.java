/** Runs the stages themselves over a log without brokers: what {@code estimate}, {@code replay} and {@code explain} derive with. */
@NullMarked
package io.tallystick.deploy.app.derive;

import org.jspecify.annotations.NullMarked;
