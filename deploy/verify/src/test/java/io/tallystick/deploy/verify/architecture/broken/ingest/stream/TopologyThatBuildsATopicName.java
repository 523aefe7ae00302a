package io.tallystick.deploy.verify.architecture.broken.ingest.stream;

final class TopologyThatBuildsATopicName {

    String topic(Object name) {
        String prefix = "billing.";
        return prefix.concat(name.toString());
    }
}
