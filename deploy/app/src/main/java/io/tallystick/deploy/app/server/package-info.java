/** The HTTP server that carries the stages' routes: keys, problems, metrics, health. */
@NullMarked
package io.tallystick.deploy.app.server;

import org.jspecify.annotations.NullMarked;
