/** The embedded broker and the directory it lives in. */
@NullMarked
package io.tallystick.deploy.app.kafka;

import org.jspecify.annotations.NullMarked;
