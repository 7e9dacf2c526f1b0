package flotilla.fleet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTokenTest {
    @Test
    void a_token_is_spelled_as_fleets() throws ApiException {
        assertThat(PageToken.of(Optional.empty(), 100).next(250)).contains("ZAACAA==");
        assertThat(PageToken.of(Optional.of("ZAACAA=="), 100)).isEqualTo(new PageToken(100, 2));
    }

    @Test
    void pages_cover_everything_once() throws ApiException {
        List<Integer> all = IntStream.range(0, 250).boxed().toList();
        PageToken second = new PageToken(100, 2);
        PageToken third = new PageToken(100, 3);

        assertThat(second.of(all)).hasSize(100).startsWith(100);
        assertThat(third.of(all)).hasSize(50).endsWith(249);
        assertThat(third.next(250)).isEmpty();
    }

    @Test
    void a_page_beyond_all_there_is_is_empty() throws ApiException {
        PageToken last = new PageToken(0xffff, 0xffff);

        assertThat(PageToken.of(Optional.of(last.text()), 0xffff)).isEqualTo(last);
        assertThat(last.of(List.of(1, 2, 3))).isEmpty();
        assertThat(last.next(3)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ZAAAAA==", "ZAACAAAA", "ZA==", "=", "%", "\u00e9", "ZAACAA==\n"})
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
