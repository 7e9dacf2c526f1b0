package flotilla.cloudconfig.document;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.cloudconfig.document.Yaml.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalarKindsTest {
    @ParameterizedTest
    @CsvSource({
        "9223372036854775807, WHOLE",
        "9223372036854775808, REAL",
        "-9223372036854775808, WHOLE",
        "-9223372036854775809, REAL",
        "0x7fffffffffffffff, WHOLE",
        "1_000, WHOLE",
        "1.5, REAL",
        "off, FLAG",
        "~, NULL",
        "1.2.3, TEXT"
    })
    void a_scalar_is_a_whole_number_as_far_as_64_bits_go(String text, Kind kind) {
        assertThat(ScalarKinds.of(text)).isEqualTo(kind);
    }

    @Test
    void a_number_has_64_characters_at_most() {
        assertThat(ScalarKinds.of("0".repeat(63) + "1")).isNotEqualTo(Kind.TEXT);
        assertThat(ScalarKinds.of("0".repeat(64) + "1")).isEqualTo(Kind.TEXT);
    }
}
