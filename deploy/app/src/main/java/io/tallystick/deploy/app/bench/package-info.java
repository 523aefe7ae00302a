/** What the {@code bench} command asks of the measurements, which are a module of their own. */
@NullMarked
package io.tallystick.deploy.app.bench;

import org.jspecify.annotations.NullMarked;
