package io.tallystick.schemas.catalog;

import java.util.Set;

/**
 * The currencies of ISO 4217 (2026-01) in which amounts can be charged: no metals, no testing codes, nothing withdrawn.
 *
 * <p>A table of our own, not the Java runtime's: that one also holds what is history, and differs between releases.
 */
public final class Currencies {

    private static final Set<String> CODES =
            Set.of(("AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB "
                            + "BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB "
                            + "EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES "
                            + "KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK "
                            + "MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD "
                            + "SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD "
                            + "UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG")
                    .split(" "));

    /** What Paystack settles in. */
    private static final Set<String> PAYSTACK = Set.of("EGP", "GHS", "KES", "NGN", "RWF", "USD", "XOF", "ZAR");

    private Currencies() {}

    public static boolean isCurrency(String code) {
        return CODES.contains(code);
    }

    static boolean isTakenByPaystack(String code) {
        return PAYSTACK.contains(code);
    }
}
