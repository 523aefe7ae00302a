package io.tallystick.ingest.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlainTextTest {

    @Test
    void endsAtTheFirstByteThatIsNotPlainWhereverItStands() {
        for (int value = 0; value < 256; value++) {
            boolean isPlain = value >= 0x20 && value < 0x7f && value != '"' && value != '\\';
            for (int before = 0; before < 20; before++) {
                for (int behind = 0; behind < 12; behind++) {
                    byte[] bytes = new byte[before + 1 + behind];
                    Arrays.fill(bytes, (byte) 'a');
                    bytes[before] = (byte) value;

                    assertThat(PlainText.end(bytes, 0))
                            .as("%d behind %d", value, before)
                            .isEqualTo(isPlain ? bytes.length : before);
                }
            }
        }
    }

    @Test
    void endsAsALookAtEachByteDoes() {
        Random random = new Random(1);
        byte[] bytes = new byte[64];
        for (int times = 0; times < 100_000; times++) {
            random.nextBytes(bytes);
            int from = random.nextInt(bytes.length + 1);
            int end = from;
            while (end < bytes.length
                    && bytes[end] >= 0x20
                    && bytes[end] < 0x7f
                    && bytes[end] != '"'
                    && bytes[end] != '\\') {
                end++;
            }
            assertThat(PlainText.end(bytes, from)).isEqualTo(end);
        }
    }

    @Test
    void hashesARangeByItsBytesAlone() {
        byte[] first = "..tenant-0001".getBytes(StandardCharsets.US_ASCII);
        byte[] second = "tenant-0001.......".getBytes(StandardCharsets.US_ASCII);
        for (int length = 0; length <= 11; length++) {
            assertThat(PlainText.hash(first, 2, 2 + length)).isEqualTo(PlainText.hash(second, 0, length));
        }
        assertThat(PlainText.hash(second, 0, 10)).isNotEqualTo(PlainText.hash(second, 0, 11));
    }
}
