package io.tallystick.schemas.catalog;

/** An object of a document with the path it stands at. */
record Located<T>(T object, String path) {}
