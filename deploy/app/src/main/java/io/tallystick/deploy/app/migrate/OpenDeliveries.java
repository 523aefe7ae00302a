package io.tallystick.deploy.app.migrate;

import io.tallystick.deploy.app.replay.LegibleRecord;
import io.tallystick.deploy.app.replay.LogSource;
import io.tallystick.invoicer.delivery.DeliveryLifecycle;
import io.tallystick.invoicer.delivery.DeliveryState;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.Receipt;
import io.tallystick.schemas.topic.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The deliveries of a space that something will still be sent for, each with what has come of it, as the worker of its partition sees them. */
final class OpenDeliveries {

    private OpenDeliveries() {}

    /** By id. */
    static Map<String, DeliveryState> of(LogSource log) {
        Map<String, DeliveryState> open = new TreeMap<>();
        for (int partition = 0; partition < log.topics().partitions(); partition++) {
            states(log, partition).forEach((id, state) -> {
                if (!state.isOver()) {
                    open.put(id, state);
                }
            });
        }
        return open;
    }

    /** Every delivery of one partition: receipts in another one are not looked at. */
    static Map<String, DeliveryState> states(LogSource log, int partition) {
        Map<String, List<Receipt>> receipts = new HashMap<>();
        Topic topic = log.topics().billingReceipts();
        log.read(topic, partition, log.end(topic, partition), record -> {
            if (LegibleRecord.content(TopicCodecs.RECEIPTS, record) instanceof Receipt receipt) {
                receipts.computeIfAbsent(receipt.delivery(), id -> new ArrayList<>())
                        .add(receipt);
            }
        });
        Map<String, DeliveryState> states = new TreeMap<>();
        Topic deliveries = log.topics().billingDeliveries();
        log.read(deliveries, partition, log.end(deliveries, partition), record -> {
            Delivery delivery = LegibleRecord.content(TopicCodecs.DELIVERIES, record);
            DeliveryState state = DeliveryState.of(delivery);
            for (Receipt receipt : receipts.getOrDefault(delivery.id(), List.of())) {
                state = DeliveryLifecycle.evolve(state, receipt);
            }
            states.putIfAbsent(delivery.id(), state);
        });
        return states;
    }
}
