package io.tallystick.deploy.verify.architecture.broken.deploy.app;

/** What the offenders beside must not know. */
public interface App {}
