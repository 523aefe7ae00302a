package io.tallystick.schemas.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {

    @Test
    void membersAreSortedByUtf16CodeUnits() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("\u20ac", 1); // euro sign
        map.put("\r", 2);
        map.put("\ufb33", 3);
        map.put("1", 4);
        map.put("\ud83d\ude00", 5); // sorts before U+FB33 by code unit, behind it by code point
        map.put("\u0080", 6);
        map.put("\u00f6", 7);

        assertThat(CanonicalJson.write(map))
                .isEqualTo(
                        "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"\u00f6\":7,\"\u20ac\":1,\"\ud83d\ude00\":5,\"\ufb33\":3}");
    }

    @Test
    void stringsAreEscapedAsLittleAsPossible() {
        assertThat(CanonicalJson.write("\u20ac$\u000f\nA'B\"\\/\u007f\u2028\b\t\f\r\u0000\u001f <>"))
                .isEqualTo("\"\u20ac$\\u000f\\nA'B\\\"\\\\/\u007f\u2028\\b\\t\\f\\r\\u0000\\u001f <>\"");
    }

    @Test
    void treesAreWrittenWithoutBlanks() {
        assertThat(CanonicalJson.write(Map.of(
                        "list", Arrays.asList(1, -2L, Long.MAX_VALUE, true, false, null, "x"),
                        "empty", Map.of(),
                        "none", List.of())))
                .isEqualTo("{\"empty\":{},\"list\":[1,-2,9223372036854775807,true,false,null,\"x\"],\"none\":[]}");
    }

    @Test
    void theOrderOfInsertionDoesNotMatter() {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("b", 1);
        one.put("a", 2);
        Map<String, Object> other = new LinkedHashMap<>();
        other.put("a", 2);
        other.put("b", 1);

        assertThat(CanonicalJson.write(one))
                .isEqualTo(CanonicalJson.write(other))
                .isEqualTo("{\"a\":2,\"b\":1}");
    }

    @Test
    void numbersThatAreNotIntegersAreRefused() {
        assertThatThrownBy(() -> CanonicalJson.write(Map.of("price", new BigDecimal("0.10"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("BigDecimal");
        assertThatThrownBy(() -> CanonicalJson.write(List.of(0.5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Double");
    }

    @Test
    void namesThatAreNotTextAreRefused() {
        assertThatThrownBy(() -> CanonicalJson.write(Map.of(1, "x"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void halfASurrogatePairIsRefusedAndAWholeOneIsNot() {
        assertThat(CanonicalJson.write("\ud83d\ude00")).isEqualTo("\"\ud83d\ude00\"");
        assertThatThrownBy(() -> CanonicalJson.write("\ud83d")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CanonicalJson.write("\ude00")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CanonicalJson.write("\ud83dx")).isInstanceOf(IllegalArgumentException.class);
    }
}
