package io.tallystick.deploy.verify.architecture.broken.rater.stream;

/** What the offenders below must not know. */
public interface Rates {}
