package io.tallystick.schemas.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Reads catalogue documents into objects, and reports every mistake in them at once with its path. */
public final class CatalogParser {

    private final CatalogErrors errors = new CatalogErrors();
    private final FieldReader.Reading reading;
    private final List<Located<Meter>> meters = new ArrayList<>();
    private final List<Located<PricingVersion>> pricing = new ArrayList<>();
    private final List<Located<Subscription>> subscriptions = new ArrayList<>();
    private final List<Located<CreditGrant>> credits = new ArrayList<>();
    private boolean hasGaps;
    private final Map<String, String> meterPlaces = new HashMap<>();
    private final Map<String, String> versionPlaces = new HashMap<>();
    private final Map<String, String> subscriptionPlaces = new HashMap<>();
    private final Map<String, String> creditPlaces = new HashMap<>();

    private CatalogParser(SupportedFeatures supported) {
        reading = new FieldReader.Reading(errors, supported);
    }

    /** Reads documents that are applied together, for this build. */
    public static ParsedCatalog parse(List<CatalogDocument> documents) {
        return parse(documents, SupportedFeatures.THIS_BUILD);
    }

    static ParsedCatalog parse(List<CatalogDocument> documents, SupportedFeatures supported) {
        CatalogParser parser = new CatalogParser(supported);
        boolean isEmpty = true;
        for (CatalogDocument document : documents) {
            isEmpty &= document.tree() == null && document.error() == null;
            parser.read(document);
        }
        if (isEmpty) {
            parser.errors.add("", "the catalogue is empty; it has meters, pricing, subscriptions or credits");
        }
        return new ParsedCatalog(
                parser.meters, parser.pricing, parser.subscriptions, parser.credits, parser.errors, parser.hasGaps);
    }

    private void read(CatalogDocument document) {
        CatalogError error = document.error();
        if (error != null) {
            errors.add(error.path(), error.message());
        }
        hasGaps |= error != null;
        if (document.tree() == null) {
            return;
        }
        FieldReader fields = FieldReader.of(reading, "catalogue", document.prefix(), document.tree());
        readAll(fields, "meters", "meter", MeterParser::parse, (meter, at) -> {
            PricingParser.refuseTwin(at, "meter", meter.meter(), meterPlaces);
            meters.add(new Located<>(meter, at.path()));
        });
        readAll(fields, "pricing", "pricing version", PricingParser::parse, (version, at) -> {
            PricingParser.refuseTwin(at, "version", version.version(), versionPlaces);
            pricing.add(new Located<>(version, at.path()));
        });
        readAll(fields, "subscriptions", "subscription", SubscriptionParser::parse, (subscription, at) -> {
            PricingParser.refuseTwin(at, "subscription", subscription.subscription(), subscriptionPlaces);
            subscriptions.add(new Located<>(subscription, at.path()));
        });
        readAll(fields, "credits", "credit", CreditParser::parse, (credit, at) -> {
            PricingParser.refuseTwin(at, "credit", credit.credit(), creditPlaces);
            credits.add(new Located<>(credit, at.path()));
        });
        fields.close();
        hasGaps |= errors.isBroken(document.prefix()) || fields.hasUnknownList();
    }

    private <T> void readAll(
            FieldReader fields,
            String list,
            String kind,
            Function<FieldReader, T> parse,
            BiConsumer<T, FieldReader> keep) {
        for (FieldReader.Element element : fields.optionalList(list)) {
            FieldReader object = FieldReader.of(reading, kind, element.path(), element.tree());
            hasGaps |= errors.isBroken(element.path());
            keep.accept(parse.apply(object), object);
        }
        hasGaps |= fields.isBroken(list);
    }
}
