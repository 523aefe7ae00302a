/** The stages as one process runs them. */
@NullMarked
package io.tallystick.deploy.app.role;

import org.jspecify.annotations.NullMarked;
