package flotilla.units;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What systemd takes for a size, a span of time, a yes or a no, and for a name of a path. */
class ValuesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "1024, 1024",
        "1K, 1024",
        "1M, 1048576",
        "1G, 1073741824",
        "2T, 2199023255552",
        "1.5K, 1536",
        "100B, 100",
        "4 K, 4096",
        "8KB, 8192",
        "9E, 9223372036854775807",
        "7E, 8070450532247928832",
        "infinity,",
        "-1,",
        "10%,",
        "'',",
        "B,",
        "K,",
        "1X,",
    })
    void a_size_is_in_bytes_or_in_powers_of_1024(String text, Long bytes) {
        if (bytes == null) {
            assertThat(ByteSize.parse(text)).isEmpty();
        } else {
            assertThat(ByteSize.parse(text)).hasValue(bytes);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1us, PT0.000001S",
        "2 ms, PT0.002S",
        "7, PT7S",
        "3s, PT3S",
        "2min 20s, PT2M20S",
        "1.5h, PT1H30M",
        "1d, PT24H",
        "1w, PT168H",
        "1h1h, PT2H",
        "0, PT0S",
        "soon,",
        "5 parsecs,",
        "'',",
        "-1s,",
        "1s x,",
    })
    void a_span_is_the_sum_of_its_parts(String text, Duration span) {
        if (span == null) {
            assertThat(TimeSpan.parse(text)).isEmpty();
        } else {
            assertThat(TimeSpan.parse(text)).contains(span);
        }
    }

    @ParameterizedTest
    @CsvSource({"infinity", "5200w 20w", "99999999999h"})
    void a_span_without_end_is_longer_than_any_machine_runs(String text) {
        assertThat(TimeSpan.parse(text)).contains(TimeSpan.INFINITE);
    }

    @ParameterizedTest
    @CsvSource({
        "1, true", "yes, true", "y, true", "true, true", "t, true", "on, true", "ON, true",
        "0, false", "no, false", "n, false", "false, false", "f, false", "off, false", "Off, false",
    })
    void yes_and_no_have_systemds_words(String word, boolean meant) {
        UnitFile file = UnitFile.parse("[Service]\nA=" + word + "\n");

        assertThat(file.flag("Service", "A", true)).isEqualTo(meant);
        assertThat(file.flag("Service", "A", false)).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource({"perhaps", "2", "''"})
    void any_other_word_is_the_default(String word) {
        UnitFile file = UnitFile.parse("[Service]\nA=" + word + "\n");

        assertThat(file.flag("Service", "A", true)).isTrue();
        assertThat(file.flag("Service", "A", false)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "a/b, a-b",
        "a-b, a\\x2db",
        ".hidden, \\x2ehidden",
        "a.b, a.b",
        "a b, a\\x20b",
        "A_z:9, A_z:9",
        "é, \\xc3\\xa9",
        "/, -",
    })
    void a_path_and_its_name_lead_to_each_other(String path, String name) {
        assertThat(UnitName.escape(path)).isEqualTo(name);
        assertThat(UnitName.unescape(name)).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource({"a\\xzz, a\\xzz", "a\\x4, a\\x4", "a\\y, a\\y"})
    void what_is_no_escape_stays(String name, String text) {
        assertThat(UnitName.unescape(name)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "\\x41, A",
        "\\101, A",
        "\\u00e9, é",
        "\\U0001F600, 😀",
        "\\x00, \\x00",
        "\\000, \\000",
        "\\400, \\400",
        "\\377, ÿ",
        "\\u12, \\u12",
        "\\U0011FFFF, \\U0011FFFF",
        "\\xg1, \\xg1",
        "\\q, \\q",
        "\\s., ' .'",
    })
    void an_escape_is_a_character_and_never_a_nul(String written, String meant) {
        assertThat(Words.split(written)).containsExactly(meant);
    }

    @ParameterizedTest
    @CsvSource({"plain, 5", "%n, 13", "%%%n, 26", "\\x25n, 16"})
    void no_text_grows_beyond_what_is_said_of_it(String text, long most) {
        Specifiers specifiers = Specifiers.fleet(new UnitName("abcd.service"));

        assertThat(specifiers.lengthMax(text))
                .isGreaterThanOrEqualTo(text.length())
                .isLessThanOrEqualTo(most + 20);
        for (String word : Words.split(text)) {
            assertThat(specifiers.expand(word).length())
                    .isLessThanOrEqualTo((int) specifiers.lengthMax(text));
        }
    }
}
