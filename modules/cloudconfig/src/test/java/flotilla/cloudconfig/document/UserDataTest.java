package flotilla.cloudconfig.document;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.cloudconfig.document.CloudConfig.Mode;
import flotilla.cloudconfig.document.CloudConfig.Reading;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UserDataTest {
    private static final Variables VARIABLES =
            Variables.of(Metadata.of("id", "core-01", "10.0.0.5"));

    @Test
    void a_gzip_is_unpacked_as_the_original_did() {
        byte[] packed = Samples.gzip(bytes("#cloud-config\nhostname: é\n", StandardCharsets.UTF_8));

        assertThat(UserData.of(packed).text()).isEqualTo("#cloud-config\nhostname: é\n");
    }

    @Test
    void a_gzip_that_is_cut_or_unpacks_without_end_is_named() {
        byte[] packed = Samples.gzip(new byte[8 * 1024 * 1024]);

        assertProblem(packed, "1:1: error: this is a gzip of more than 4194304 bytes");
        assertProblem(
                java.util.Arrays.copyOf(packed, 20),
                "1:1: error: this is a gzip that can't be unpacked: it is damaged");
    }

    @Test
    void latin_1_is_named_with_its_place() {
        assertProblem(
                bytes("#cloud-config\nhostname: café\n", StandardCharsets.ISO_8859_1),
                "2:14: error: the byte 0xe9 is no UTF-8, the text seems to be in Latin-1: write it in UTF-8 (iconv -f latin1 -t utf-8)");
        assertProblem(
                bytes("#cloud-config", StandardCharsets.UTF_16),
                "1:1: error: the text is in UTF-16: write it in UTF-8 (iconv -f utf-16 -t utf-8)");
    }

    @Test
    void a_single_byte_is_looked_at_as_any_text() {
        assertProblem(
                new byte[] {(byte) 0xfe},
                "1:1: error: the byte 0xfe is no UTF-8, the text seems to be in Latin-1: write it in UTF-8 (iconv -f latin1 -t utf-8)");
        assertProblem(
                new byte[] {0x1f},
                "1:1: error: the first line must be \"#cloud-config\", it is \"\"");
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void variables_are_put_in_before_anything_is_checked(Mode mode) {
        UserData userData =
                UserData.of(
                        bytes(
                                "#cloud-config\nhostname: ip-$private_ipv4\n",
                                StandardCharsets.UTF_8));

        Reading reading = CloudConfig.read(userData, VARIABLES, mode);

        assertThat(reading.problems()).isEmpty();
        assertThat(reading.document().orElseThrow().hostname()).contains("ip-10.0.0.5");
    }

    /** As the original: what it validated was the text as it came. */
    @Test
    void strict_mode_judges_the_text_as_it_is() {
        UserData userData =
                UserData.of(
                        bytes(
                                "#cloud-config\ncoreos: {etcd: {discovery: $private_ipv4}}\n",
                                StandardCharsets.UTF_8));

        assertThat(CloudConfig.read(userData, VARIABLES, Mode.STRICT).problems())
                .map(Problem::message)
                .containsExactly("discovery URL is not valid");
    }

    private static void assertProblem(byte[] bytes, String problem) {
        assertThat(CloudConfig.read(UserData.of(bytes), VARIABLES, Mode.LENIENT).problems())
                .map(Problem::toString)
                .containsExactly(problem);
    }

    private static byte[] bytes(String text, Charset charset) {
        return text.getBytes(charset);
    }
}
