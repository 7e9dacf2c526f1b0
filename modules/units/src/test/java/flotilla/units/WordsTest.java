package flotilla.units;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void escapes_are_those_of_c() {
        assertThat(Words.split("\"\\101\\u00e4\\U0001F600\" a\\x20b \\Uffffffff"))
                .containsExactly("A\u00e4\uD83D\uDE00", "a b", "\\Uffffffff");
    }

    @Test
    void a_quote_that_is_not_closed_is_known() {
        assertThat(Words.isClosed("a 'b c' \"d\" e\\'")).isTrue();
        assertThat(Words.isClosed("a 'b c")).isFalse();
        assertThat(Words.isClosed("\"it's")).isFalse();
    }
}
