package io.tallystick.deploy.verify.architecture.broken.ingest.stream;

final class TopologyWithATopicOfItsOwn {

    String topic() {
        return "usage.events";
    }
}
