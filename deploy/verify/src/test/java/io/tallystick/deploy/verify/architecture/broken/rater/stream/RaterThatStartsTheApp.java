package io.tallystick.deploy.verify.architecture.broken.rater.stream;

import io.tallystick.deploy.verify.architecture.broken.deploy.app.App;

record RaterThatStartsTheApp(App app) {}
