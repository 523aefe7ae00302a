package io.tallystick.deploy.verify.architecture.broken.schemas.event;

import org.apache.kafka.clients.consumer.ConsumerRecord;

record EventWithAKafkaRecord(ConsumerRecord<String, String> record) {}
