/** The command line. */
@NullMarked
package io.tallystick.deploy.app.cli;

import org.jspecify.annotations.NullMarked;
