/** Running Tallystick: the one main and how it ends. */
@NullMarked
package io.tallystick.deploy.app;

import org.jspecify.annotations.NullMarked;
