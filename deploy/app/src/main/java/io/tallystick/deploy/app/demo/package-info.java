/** The sample month. */
@NullMarked
package io.tallystick.deploy.app.demo;

import org.jspecify.annotations.NullMarked;
