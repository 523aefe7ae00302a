/** Alerts on their way to people: signed webhooks, sent again until they are taken. */
@NullMarked
package io.tallystick.deploy.app.alerts;

import org.jspecify.annotations.NullMarked;
