package io.tallystick.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallystick.schemas.event.RequestRefused;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BodyAdmissionTest {

    private static final int LONGEST = 8 << 20;

    private final BodyAdmission admission = new BodyAdmission(LONGEST);

    private static InputStream bytes(int count) {
        return new ByteArrayInputStream(new byte[count]);
    }

    @Test
    void aBodyIsReadWholeWhateverItsLength() throws Exception {
        byte[] sent = new byte[200_000];
        for (int at = 0; at < sent.length; at++) {
            sent[at] = (byte) (at * 31);
        }
        try (BodyAdmission.Body body = admission.admit()) {
            assertThat(body.read(new ByteArrayInputStream(sent))).isEqualTo(sent);
        }
        for (int length : new int[] {0, 1, (64 << 10) - 1, 64 << 10, (64 << 10) + 1, LONGEST}) {
            try (BodyAdmission.Body body = admission.admit()) {
                assertThat(body.read(bytes(length))).hasSize(length);
            }
        }
    }

    @Test
    void oneByteTooManyIsRefusedForGood() {
        assertThatThrownBy(() -> {
                    try (BodyAdmission.Body body = admission.admit()) {
                        body.read(bytes(LONGEST + 1));
                    }
                })
                .isInstanceOfSatisfying(RequestRefused.class, refused -> {
                    assertThat(refused.status()).isEqualTo(413);
                    assertThat(refused.retryAfterSeconds()).isEmpty();
                });
    }

    @Test
    void bytesThatDoNotFitAreRefusedForNowAndTakenOnceThereIsRoom() throws Exception {
        List<BodyAdmission.Body> held = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            BodyAdmission.Body body = admission.admit();
            body.read(bytes(LONGEST));
            held.add(body);
        }
        BodyAdmission.Body next = admission.admit();
        assertThatThrownBy(() -> next.read(bytes(LONGEST)))
                .isInstanceOfSatisfying(RequestRefused.class, BodyAdmissionTest::saysWhenToComeBack);
        next.close();

        held.get(0).close();
        try (BodyAdmission.Body again = admission.admit()) {
            assertThat(again.read(bytes(LONGEST))).hasSize(LONGEST);
        }
    }

    @Test
    void requestsBeyondTheMostAreRefusedForNow() {
        List<BodyAdmission.Body> held = new ArrayList<>();
        for (int i = 0; i < BodyAdmission.REQUESTS_MAX; i++) {
            held.add(admission.admit());
        }
        assertThatThrownBy(admission::admit)
                .isInstanceOfSatisfying(RequestRefused.class, BodyAdmissionTest::saysWhenToComeBack);

        held.get(0).close();
        admission.admit().close();
    }

    private static void saysWhenToComeBack(RequestRefused refused) {
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.retryAfterSeconds()).hasValue(1);
    }
}
