/** Publishing the catalogue. */
@NullMarked
package io.tallystick.deploy.app.catalog;

import org.jspecify.annotations.NullMarked;
