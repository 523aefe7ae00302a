package io.tallystick.invoicer.delivery;

import io.tallystick.invoicer.delivery.InvoiceItems.Item;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.Delivery.Action;
import io.tallystick.schemas.event.Delivery.Step;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.value.CanonicalJson;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a change of an invoice sends to the subscription's provider. */
public final class InvoiceDeliveries {

    /** Under which Stripe keeps the ledger's id of an invoice. */
    public static final String LEDGER_INVOICE = "ledger_invoice_id";
    /** Names the tenant in the metadata of an invoice at a provider. */
    static final String LEDGER_TENANT = "tenant";

    /** Under which Stripe keeps an item's place on the ledger's invoice. */
    public static final String LEDGER_ITEM = "ledger_item";

    private static final String INVOICE_MODE = "invoice";
    private static final int DIGEST_PREFIX_LENGTH = "sha256:".length();
    private static final int DIGEST_LENGTH = 16;

    private InvoiceDeliveries() {}

    /** Whether a provider, null for none, is sent invoices. */
    public static boolean isBilledBy(Subscription.@Nullable Provider provider) {
        return provider != null && provider.mode().equals(INVOICE_MODE);
    }

    /** What a finalized invoice sends: nothing where usage goes to the provider instead, or where nothing is on it. */
    public static Optional<Delivery> finalized(Invoice invoice, Subscription.Provider provider) {
        if (!isBilledBy(provider) || invoice.lines().isEmpty()) {
            return Optional.empty();
        }
        return provider.name().equals("paystack")
                ? paystack(invoice, provider)
                : Optional.of(stripe(invoice, provider));
    }

    /** As the other, of an invoice that takes the place of one that had been finalized: it waits for what withdraws that. */
    public static Optional<Delivery> finalized(Invoice invoice, Subscription.Provider provider, Invoice replaced) {
        return finalized(invoice, provider)
                .map(delivery -> with(
                        delivery,
                        delivery.provider(),
                        delivery.mode(),
                        delivery.customer(),
                        delivery.steps(),
                        withdrawal(identity(replaced))));
    }

    /** What the withdrawal of a finalized invoice sends. */
    public static Optional<Delivery> voided(Invoice invoice, Subscription.Provider provider) {
        Optional<Delivery> sent = finalized(invoice, provider);
        if (sent.isEmpty() || !sent.get().refusal().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(delivery(
                withdrawal(identity(invoice)),
                invoice,
                provider,
                BigDecimal.ZERO,
                withdrawing(identity(invoice), provider.name()),
                sent.get().id(),
                ""));
    }

    /** The name of the delivery that takes back what another one made. */
    public static String withdrawal(String delivery) {
        return delivery + ":void";
    }

    /** Whether a delivery takes back what another one made. */
    public static boolean isWithdrawal(Delivery delivery) {
        return !delivery.steps().isEmpty() && delivery.steps().get(0).action() == Action.VOID;
    }

    /** A withdrawal, sent to where the invoice went: the subscription may have been given another provider, or customer, since then. */
    public static Delivery withdrawal(Delivery withdrawal, Delivery sent) {
        return with(
                withdrawal,
                sent.provider(),
                sent.mode(),
                sent.customer(),
                withdrawing(sent.id(), sent.provider()),
                withdrawal.after());
    }

    private static List<Step> withdrawing(String sent, String provider) {
        String path = provider.equals("paystack")
                ? "/paymentrequest/archive/" + Delivery.OBJECT
                : "/v1/invoices/" + Delivery.OBJECT + "/void";
        return List.of(new Step(Action.VOID, path, "", withdrawal(sent)));
    }

    /** The name of an invoice's delivery: another bill under the same id is another delivery. */
    public static String identity(Invoice invoice) {
        return "inv:" + invoice.id() + ":"
                + invoice.digest().substring(DIGEST_PREFIX_LENGTH, DIGEST_PREFIX_LENGTH + DIGEST_LENGTH);
    }

    private static Delivery stripe(Invoice invoice, Subscription.Provider provider) {
        Optional<ProviderUnits> units = ProviderUnits.stripe(invoice.currency());
        if (units.isEmpty()) {
            return refused(invoice, provider, "Stripe cannot express amounts of " + invoice.currency());
        }
        String identity = identity(invoice);
        String currency = invoice.currency().toLowerCase(Locale.ROOT);
        List<Step> steps = new ArrayList<>();
        steps.add(new Step(
                Action.CREATE_INVOICE,
                "/v1/invoices",
                new FormBody()
                        .put("customer", provider.customer())
                        .put("currency", currency)
                        .put("auto_advance", "false")
                        .put("collection_method", "charge_automatically")
                        .put("pending_invoice_items_behavior", "exclude")
                        .put("description", invoice.number())
                        .put("metadata[" + LEDGER_INVOICE + "]", invoice.id())
                        .put("metadata[number]", invoice.number())
                        .put("metadata[" + LEDGER_TENANT + "]", invoice.tenant())
                        .put("metadata[subscription]", invoice.subscription())
                        .put("metadata[digest]", invoice.digest())
                        .toString(),
                identity));
        BigInteger total = BigInteger.ZERO;
        int position = 0;
        for (Item item : InvoiceItems.of(invoice, units.get())) {
            position++;
            total = total.add(item.amount());
            steps.add(new Step(
                    Action.ADD_ITEM,
                    "/v1/invoiceitems",
                    new FormBody()
                            .put("customer", provider.customer())
                            .putPlaceholder("invoice", Delivery.OBJECT)
                            .put("amount", item.amount().toString())
                            .put("currency", currency)
                            .put("description", item.description())
                            .put(
                                    "period[start]",
                                    Long.toString(item.period().start().getEpochSecond()))
                            .put(
                                    "period[end]",
                                    Long.toString(item.period().end().getEpochSecond()))
                            .put("metadata[" + LEDGER_ITEM + "]", Integer.toString(position))
                            .toString(),
                    identity + ":" + position));
        }
        String path = "/v1/invoices/" + Delivery.OBJECT;
        steps.add(new Step(Action.COMPARE, path, "", ""));
        steps.add(new Step(
                Action.FINALIZE,
                path + "/finalize",
                new FormBody().put("auto_advance", "true").toString(),
                identity + ":finalize"));
        return delivery(identity, invoice, provider, new BigDecimal(total), steps, "", "");
    }

    private static Optional<Delivery> paystack(Invoice invoice, Subscription.Provider provider) {
        if (invoice.total().signum() == 0) {
            return Optional.empty();
        }
        Optional<ProviderUnits> units = ProviderUnits.paystack(invoice.currency());
        if (units.isEmpty()) {
            return Optional.of(refused(invoice, provider, "Paystack does not take " + invoice.currency()));
        }
        if (invoice.total().signum() < 0) {
            return Optional.of(refused(
                    invoice,
                    provider,
                    "Paystack takes no credit; the total is " + invoice.total().toPlainString()));
        }
        List<Item> items = InvoiceItems.of(invoice, units.get());
        BigInteger total = items.stream().map(Item::amount).reduce(BigInteger.ZERO, BigInteger::add);
        Optional<PaystackAuthorization> authorization = PaystackAuthorization.parse(provider.customer());
        Step step = authorization.isPresent()
                ? charge(invoice, authorization.get(), total)
                : paymentRequest(invoice, provider, items, total);
        return Optional.of(
                delivery(identity(invoice), invoice, provider, new BigDecimal(total), List.of(step), "", ""));
    }

    private static Step paymentRequest(
            Invoice invoice, Subscription.Provider provider, List<Item> items, BigInteger total) {
        boolean isPositive = items.stream().allMatch(item -> item.amount().signum() >= 0);
        List<Item> shown = isPositive ? items : List.of(new Item(invoice.number(), total, invoice.period()));
        List<Map<String, Object>> lines = new ArrayList<>(shown.size());
        for (Item item : shown) {
            lines.add(new TreeMap<>(
                    Map.of("name", item.description(), "amount", item.amount().longValueExact(), "quantity", 1)));
        }
        Map<String, Object> body = new TreeMap<>();
        body.put("customer", provider.customer());
        body.put("currency", invoice.currency());
        body.put("description", identity(invoice));
        body.put("line_items", lines);
        body.put("amount", total.longValueExact()); // asked for, and not looked at where there are lines
        body.put("draft", false);
        body.put("send_notification", true);
        return new Step(Action.PAYMENT_REQUEST, "/paymentrequest", CanonicalJson.write(body), identity(invoice));
    }

    private static Step charge(Invoice invoice, PaystackAuthorization authorization, BigInteger total) {
        Map<String, Object> body = new TreeMap<>();
        body.put("authorization_code", authorization.code());
        body.put("email", authorization.email());
        body.put("amount", total.longValueExact());
        body.put("currency", invoice.currency());
        body.put("reference", Delivery.IDENTITY);
        body.put("queue", true);
        // A reference holds letters, digits and . = - only.
        return new Step(
                Action.CHARGE,
                "/transaction/charge_authorization",
                CanonicalJson.write(body),
                identity(invoice).replaceAll("[^A-Za-z0-9.=-]", "-"));
    }

    /** A finalized invoice that must not be sent, for a person to look at. */
    public static Delivery withheld(Invoice invoice, Subscription.Provider provider, String why) {
        return refused(invoice, provider, why);
    }

    private static Delivery refused(Invoice invoice, Subscription.Provider provider, String refusal) {
        return delivery(identity(invoice), invoice, provider, BigDecimal.ZERO, List.of(), "", refusal);
    }

    private static Delivery with(
            Delivery delivery, String provider, String mode, String customer, List<Step> steps, String after) {
        return new Delivery(
                delivery.id(),
                delivery.tenant(),
                delivery.subscription(),
                provider,
                mode,
                customer,
                delivery.meter(),
                delivery.invoice(),
                delivery.period(),
                delivery.currency(),
                delivery.expected(),
                steps,
                after,
                delivery.refusal());
    }

    private static Delivery delivery(
            String id,
            Invoice invoice,
            Subscription.Provider provider,
            BigDecimal expected,
            List<Step> steps,
            String after,
            String refusal) {
        return new Delivery(
                id,
                invoice.tenant(),
                invoice.subscription(),
                provider.name(),
                provider.mode(),
                provider.customer(),
                "",
                invoice.id(),
                invoice.period(),
                invoice.currency(),
                expected,
                steps,
                after,
                refusal);
    }
}
