package io.tallystick.schemas.topic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tallystick.schemas.event.ChargeLine;
import io.tallystick.schemas.event.ChargeRecord;
import io.tallystick.schemas.event.Control;
import io.tallystick.schemas.event.CreditSet;
import io.tallystick.schemas.event.InvoiceCommand;
import io.tallystick.schemas.event.MeteredHour;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.RevisionInForce;
import io.tallystick.schemas.event.ShadowCharge;
import io.tallystick.schemas.event.SubscriptionSet;
import io.tallystick.schemas.event.TotalRecord;
import io.tallystick.schemas.event.WindowTotal;
import io.tallystick.schemas.value.CanonicalJson;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The keys of the compacted topics: canonical JSON arrays with the tenant first, readable to people and to other languages.
 * Controls have keys of their own ({@code "#…"} in second place), so that compaction keeps them and readers can skip them.
 */
public final class RecordKeys {

    private static final JsonFactory JSON = new JsonFactory();

    private RecordKeys() {}

    /** The key of a record of {@code usage.totals}. */
    public static String of(TotalRecord record) {
        if (record instanceof WindowTotal total) {
            return windowTotal(total);
        }
        return ofControl((Control) record);
    }

    /** The key of a record of {@code billing.charges}. */
    public static String of(ChargeRecord record) {
        if (record instanceof ChargeLine line) {
            return chargeLine(
                    line.tenant(),
                    line.subscription(),
                    line.period(),
                    line.line().line());
        }
        if (record instanceof ShadowCharge shadow) {
            return chargeLine(
                    shadow.tenant(),
                    shadow.subscription(),
                    shadow.period(),
                    "shadow/" + shadow.shadow().pricingVersion());
        }
        if (record instanceof MeteredHour metered) {
            return array(
                    metered.tenant(),
                    "#hour",
                    metered.subscription(),
                    metered.meter(),
                    HourWindow.startOf(metered.hour()).toString(),
                    metered.dimensions().values());
        }
        return ofControl((Control) record);
    }

    /** The key of one line of an open period; also what a tombstone of a vanished line carries. */
    public static String chargeLine(String tenant, String subscription, Period period, String line) {
        StringBuilder key = start(tenant);
        text(subscription, key);
        key.append(',').append(KeyTexts.of(period.start()));
        text(line, key);
        return key.append(']').toString();
    }

    /** The tenant that a key of either topic belongs to: where a tombstone goes. */
    public static String tenantOf(String key) {
        int end = key.indexOf("\",", 2);
        boolean isPlain =
                key.startsWith("[\"") && end > 0 && key.indexOf('"', 2) == end && key.lastIndexOf('\\', end) < 0;
        return isPlain ? key.substring(2, end) : elementsOf(key).get(0);
    }

    /** The text elements of a key, in order; the object of a total's dimensions and its part are left out. */
    public static List<String> elementsOf(String key) {
        try (JsonParser parser = JSON.createParser(key)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new IllegalArgumentException("not a key: " + key);
            }
            List<String> elements = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() == JsonToken.VALUE_STRING) {
                    elements.add(parser.getText());
                } else {
                    parser.skipChildren();
                }
            }
            return elements;
        } catch (IOException e) {
            throw new IllegalArgumentException("not a key: " + key, e);
        }
    }

    private static String windowTotal(WindowTotal total) {
        StringBuilder key = start(total.tenant());
        text(total.meter(), key);
        key.append(',').append(KeyTexts.of(HourWindow.startOf(total.hour())));
        key.append(',').append(KeyTexts.of(total.dimensions()));
        if (total.part() > 0) {
            key.append(',').append(total.part());
        }
        return key.append(']').toString();
    }

    private static StringBuilder start(String tenant) {
        StringBuilder key = new StringBuilder(160).append('[');
        CanonicalJson.writeText(tenant, key);
        return key;
    }

    private static void text(String text, StringBuilder key) {
        CanonicalJson.writeText(text, key.append(','));
    }

    private static String ofControl(Control control) {
        if (control instanceof RevisionInForce revision) {
            return array(
                    "", "#revision", Integer.toString(revision.partition()), Integer.toString(revision.revision()));
        }
        if (control instanceof SubscriptionSet set) {
            return array(set.tenant(), "#subscription", set.subscription(), Integer.toString(set.revision()));
        }
        if (control instanceof CreditSet set) {
            return array(set.tenant(), "#credit", set.credit(), Integer.toString(set.revision()));
        }
        if (control instanceof PeriodClosed closed) {
            return array(
                    closed.tenant(),
                    "#closed",
                    closed.subscription(),
                    closed.period().start().toString(),
                    Integer.toString(closed.attempt()));
        }
        if (control instanceof InvoiceCommand command) {
            return array(command.tenant(), "#invoice", command.invoice(), Long.toString(command.sequence()));
        }
        throw new IllegalStateException("a control without a key: " + control.getClass());
    }

    private static String array(Object... elements) {
        return CanonicalJson.write(Arrays.asList(elements));
    }
}
