package flotilla.trust.token;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JoinTokenTest {
    private static final byte[] AUTHORITY = "the authority's public key".getBytes(US_ASCII);
    private static final byte[] RANDOM = "21 bytes at random ..".getBytes(US_ASCII);
    private static final JoinToken TOKEN = JoinToken.of(AUTHORITY, RANDOM);

    @Test
    void its_text_can_be_read_again() {
        assertThat(JoinToken.parse(TOKEN.text())).isEqualTo(TOKEN);
        assertThat(JoinToken.parse("  " + TOKEN.text().toUpperCase(Locale.ROOT) + "\n"))
                .as("blanks and capitals are forgiven")
                .isEqualTo(TOKEN);
        assertThat(TOKEN.text()).matches("flt1\\.[a-z2-7]{52}\\.[a-z2-7]{8}\\.[a-z2-7]{26}");
    }

    /** RFC 4648, 10: its test vectors, in lower case and without padding. */
    @Test
    void base32_is_that_of_the_rfc() {
        assertThat(Base32.encode("foobar".getBytes(US_ASCII))).isEqualTo("mzxw6ytboi");
        assertThat(Base32.encode("foob".getBytes(US_ASCII))).isEqualTo("mzxw6yq");
        assertThat(Base32.decode("mzxw6yq", 4)).hasValue("foob".getBytes(US_ASCII));
        assertThat(Base32.decode("mzxw6yr", 4)).as("bits that mean nothing are 0").isEmpty();
        assertThat(Base32.decode("mzxw6yq", 3)).isEmpty();
        assertThat(Base32.decode("mzxw6yq", 5)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "K10abc::server:x", "flt2.a.b.c", "https://example.org"})
    void what_is_no_token_is_called_none(String text) {
        assertThatThrownBy(() -> JoinToken.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("this is no join token: one begins with 'flt1.'");
    }

    @Test
    void a_token_that_was_cut_or_mistyped_says_which_part() {
        String text = TOKEN.text();
        String cut = text.substring(0, text.length() - 3);

        assertThatThrownBy(() -> JoinToken.parse(cut))
                .hasMessage(
                        "the last part of this join token is damaged (23 characters, 26 belong there): copy it again")
                .hasMessageNotContaining(TOKEN.secret().substring(0, 10));
        assertThatThrownBy(() -> JoinToken.parse(text.substring(0, text.lastIndexOf('.'))))
                .hasMessageStartingWith("this join token has 3 parts");
        assertThatThrownBy(() -> JoinToken.parse(text.replace('b', '8').replace('a', '9')))
                .hasMessageContaining("part of this join token is damaged");
    }

    @Test
    void it_knows_its_authority_and_its_secret() {
        assertThat(TOKEN.names(AUTHORITY)).isTrue();
        assertThat(TOKEN.names("another".getBytes(US_ASCII))).isFalse();
        assertThat(TOKEN.hasHash(TOKEN.secretHash())).isTrue();
        assertThat(TOKEN.hasHash("")).isFalse();
        assertThat(TOKEN.hasHash(TOKEN.secretHash().replace('0', '1'))).isFalse();
    }

    @Test
    void what_is_logged_has_no_secret() {
        assertThat(TOKEN.toString()).contains(TOKEN.id()).doesNotContain(TOKEN.secret());
        assertThat(TOKEN.secretHash()).doesNotContain(TOKEN.secret());
    }
}
