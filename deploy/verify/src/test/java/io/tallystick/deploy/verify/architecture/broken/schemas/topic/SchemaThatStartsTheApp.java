package io.tallystick.deploy.verify.architecture.broken.schemas.topic;

import io.tallystick.deploy.verify.architecture.broken.deploy.app.App;

record SchemaThatStartsTheApp(App app) {}
