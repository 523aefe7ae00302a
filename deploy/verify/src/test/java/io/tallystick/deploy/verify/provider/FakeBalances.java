package io.tallystick.deploy.verify.provider;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallystick.deploy.verify.provider.FakeAccount.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a Stripe account owes its customers, as negative balances: from invoices of negative totals, from credit notes, and from changes by hand. */
final class FakeBalances {

    private final Map<String, List<ObjectNode>> byCustomer = new TreeMap<>();
    private int made;

    /** An invoice that asks for nothing counts as paid at once, and a negative total is credited. */
    void settle(ObjectNode invoice) {
        invoice.put("status", "paid");
        long total = invoice.get("total").asLong();
        if (total < 0) {
            add(invoice.get("customer").asText(), total, JsonNodeFactory.instance.objectNode());
        }
    }

    /** A credit note over a paid invoice, all of it credited to the customer. */
    Answer credit(ObjectNode invoice, Map<String, String> form) {
        if (invoice == null) {
            return FakeAccount.error(404, "resource_missing", "No such invoice: " + form.get("invoice"));
        }
        long amount = Long.parseLong(form.getOrDefault("amount", "0"));
        long left = invoice.get("total").asLong()
                - invoice.get("post_payment_credit_notes_amount").asLong();
        boolean isWhole = form.getOrDefault("credit_amount", "").equals(Long.toString(amount));
        if (!invoice.get("status").asText().equals("paid") || amount <= 0 || amount > left || !isWhole) {
            return FakeAccount.error(400, "invalid", "a credit note of " + amount + ", of which " + left + " are left");
        }
        invoice.put(
                "post_payment_credit_notes_amount",
                amount + invoice.get("total").asLong() - left);
        add(invoice.get("customer").asText(), -amount, JsonNodeFactory.instance.objectNode());
        return new Answer(200, JsonNodeFactory.instance.objectNode().put("id", "cn_" + ++made));
    }

    /** A change by hand. */
    Answer change(String customer, Map<String, String> form, ObjectNode metadata) {
        return new Answer(
                200, add(customer, Long.parseLong(form.get("amount")), metadata).deepCopy());
    }

    List<ObjectNode> transactions(String customer) {
        return byCustomer.getOrDefault(customer, List.of());
    }

    /** The balances, by customer. */
    ObjectNode state() {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        byCustomer.forEach((customer, transactions) -> state.put(
                customer,
                transactions.stream()
                        .mapToLong(one -> one.get("amount").asLong())
                        .sum()));
        return state;
    }

    private ObjectNode add(String customer, long amount, ObjectNode metadata) {
        ObjectNode transaction = JsonNodeFactory.instance
                .objectNode()
                .put("id", "cbtxn_" + ++made)
                .put("object", "customer_balance_transaction")
                .put("amount", amount);
        transaction.set("metadata", metadata);
        byCustomer.computeIfAbsent(customer, name -> new ArrayList<>()).add(transaction);
        return transaction;
    }
}
