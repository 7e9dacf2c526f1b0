package flotilla.fleet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTokenTest {
    @Test
    void a_token_of_fleets_is_taken() throws ApiException {
        assertThat(PageToken.of(Optional.of("ZAACAA=="), 100)).isEqualTo(new PageToken(100, 2, ""));
        assertThat(new PageToken(100, 2, "").text()).isEqualTo("ZAACAA==");
    }

    @Test
    void ours_begins_as_fleets_and_names_the_last_item() throws ApiException {
        PageToken second = PageToken.of(Optional.empty(), 100).next("b\u00e9@1.service");

        byte[] bytes = Base64.getUrlDecoder().decode(second.text());
        assertThat(bytes).startsWith(100, 0, 2, 0).hasSize(4 + 13);
        assertThat(PageToken.of(Optional.of(second.text()), 100)).isEqualTo(second);
    }

    @Test
    void the_last_number_stands_for_all_later_pages() throws ApiException {
        PageToken last = new PageToken(0xffff, 0xffff, "y.service");

        assertThat(PageToken.of(Optional.of(last.text()), 0xffff)).isEqualTo(last);
        assertThat(last.next("z.service").page()).isEqualTo(0xffff);
        assertThat(last.skipped()).isEqualTo(Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ZAAAAA==",
                "ZAAAAGE=",
                "ZAACAAAA",
                "ZAACAP__",
                "ZAACAB==",
                "ZA==",
                "=",
                "%",
                "\u00e9",
                "ZAACAA==\n"
            })
    void a_forged_token_is_refused(String token) {
        assertThatThrownBy(() -> PageToken.of(Optional.of(token), 100))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("nextPageToken");
    }

    @Test
    void a_token_of_another_limit_or_of_no_kind_is_refused() {
        assertThatThrownBy(() -> PageToken.of(Optional.of("ZAACAA=="), 50))
                .isInstanceOf(ApiException.class);
        assertThatThrownBy(() -> PageToken.of(Optional.of("?!"), 100))
                .isInstanceOf(ApiException.class);
    }
}
