/** Derives what stands from the log again, and compares: {@code replay}. */
@NullMarked
package io.tallystick.deploy.app.replay;

import org.jspecify.annotations.NullMarked;
