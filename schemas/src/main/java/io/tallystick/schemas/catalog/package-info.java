/** The catalogue: meters, pricing versions, plans, subscriptions; its validation and its revisions. */
@NullMarked
package io.tallystick.schemas.catalog;

import org.jspecify.annotations.NullMarked;
