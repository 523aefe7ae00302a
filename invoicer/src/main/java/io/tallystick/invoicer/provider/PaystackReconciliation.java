package io.tallystick.invoicer.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.invoicer.delivery.DeliveryState;
import io.tallystick.invoicer.delivery.DeliveryState.Status;
import io.tallystick.invoicer.delivery.InvoiceDeliveries;
import io.tallystick.invoicer.provider.ProviderHttp.Reply;
import io.tallystick.schemas.event.Delivery;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Holds every delivery against what Paystack has: payment requests in a list, charges one by one. */
public final class PaystackReconciliation {

    private static final String OURS = "inv:";

    private final PaystackApi api;

    public PaystackReconciliation(PaystackApi api) {
        this.api = api;
    }

    /** The differences, in order of their subjects. */
    public List<Difference> differences(Collection<DeliveryState> deliveries)
            throws ProviderSilentException, InterruptedException {
        List<Difference> differences = new ArrayList<>();
        try {
            Map<String, List<JsonNode>> requests = requests();
            Set<String> withdrawn = withdrawn(deliveries, differences);
            Set<String> sent = new HashSet<>();
            for (DeliveryState state : deliveries) {
                Delivery delivery = state.delivery();
                if (!InvoiceDeliveries.isWithdrawal(delivery)) {
                    sent.add(delivery.id());
                    if (!withdrawn.contains(delivery.id())) {
                        compare(state, requests.getOrDefault(delivery.id(), List.of()), differences);
                    }
                }
            }
            requests.keySet().stream()
                    .filter(id -> !sent.contains(id))
                    .forEach(id -> differences.add(new Difference(
                            id, "Paystack has a payment request that names it, and the ledger never sent one")));
        } catch (UnreadListException e) {
            throw new ProviderSilentException(
                    "Paystack answered with status " + e.reply().status());
        }
        differences.sort(Comparator.comparing(Difference::subject));
        return differences;
    }

    private Map<String, List<JsonNode>> requests() throws UnreadListException, InterruptedException {
        Map<String, List<JsonNode>> requests = new HashMap<>();
        api.eachRequest(one -> {
            String description = one.path("description").asText("");
            boolean isArchived = one.path("archived").asBoolean();
            if (description.startsWith(OURS) && !isArchived) {
                requests.computeIfAbsent(description, key -> new ArrayList<>()).add(one);
            }
        });
        return requests;
    }

    private static Set<String> withdrawn(Collection<DeliveryState> deliveries, List<Difference> differences) {
        Set<String> withdrawn = new HashSet<>();
        for (DeliveryState state : deliveries) {
            if (!InvoiceDeliveries.isWithdrawal(state.delivery())) {
                continue;
            }
            if (state.status() == Status.DELIVERED) {
                withdrawn.add(state.delivery().after());
            } else {
                differences.add(undelivered(state, "the withdrawal"));
            }
        }
        return withdrawn;
    }

    private void compare(DeliveryState state, List<JsonNode> requests, List<Difference> differences)
            throws UnreadListException, InterruptedException {
        Delivery delivery = state.delivery();
        if (state.status() != Status.DELIVERED) {
            differences.add(undelivered(state, "it"));
            return;
        }
        if (state.object().startsWith(PaystackProvider.REQUEST_PREFIX)) {
            if (requests.size() != 1) {
                differences.add(new Difference(
                        delivery.invoice(),
                        requests.isEmpty()
                                ? "it was delivered as " + state.object() + ", and Paystack does not have it"
                                : "Paystack has it " + requests.size() + " times"));
            }
            requests.forEach(
                    one -> compare(delivery, one, one.path("request_code").asText(), differences));
            return;
        }
        Reply reply = api.verify(state.object());
        if (reply.status() == 404) {
            differences.add(new Difference(
                    delivery.invoice(), "it was charged as " + state.object() + ", and Paystack does not have it"));
        } else if (!PaystackProvider.isTaken(reply)) {
            throw new UnreadListException(reply);
        } else {
            compare(delivery, reply.body().path("data"), state.object(), differences);
            String status = reply.text("/data/status");
            if (!status.equals("success")) {
                differences.add(new Difference(
                        delivery.invoice(), state.object() + " at Paystack is " + status + ", not success"));
            }
        }
    }

    private static void compare(Delivery delivery, JsonNode there, String name, List<Difference> differences) {
        BigDecimal amount = there.path("amount").decimalValue();
        String currency = there.path("currency").asText();
        if (amount.compareTo(delivery.expected()) != 0 || !currency.equals(delivery.currency())) {
            differences.add(new Difference(
                    delivery.invoice(),
                    name + " at Paystack comes to " + amount.toPlainString() + " " + currency + ", the ledger to "
                            + delivery.expected().toPlainString() + " " + delivery.currency()
                            + " (in the smallest unit)"));
        }
    }

    private static Difference undelivered(DeliveryState state, String what) {
        String reason = state.reason().isEmpty() ? "" : ": " + state.reason();
        return new Difference(
                state.delivery().invoice(),
                what + " is not delivered but " + state.status().text() + reason);
    }
}
