package flotilla.cloudconfig.document;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the original, by Go, took for a URL. */
class RequestUriTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://h/token | true",
                "http://h | true",
                "http://h?q | true",
                "http://h/a?%zz | true", // what is asked is not looked at
                "http://h/a%20b | true",
                "http://h/a%zz | false",
                "http://h/a%2 | false",
                "http://a b/ | false",
                "http://u:p@h/ | true",
                "http://u^@h/ | false",
                "http://@h/ | true",
                "http://h%25x/ | true",
                "http://h%41/ | false",
                "http://[::1]:80/ | true",
                "http://[::1]x/ | false",
                "/path | true",
                "/a%zz | false",
                "//a b | true", // without a scheme all of it is a path
                "x:anything | true",
                "* | true",
                "word | false",
                ":80 | false",
                "'' | false"
            })
    void a_url_is_what_go_takes_for_one(String uri, boolean valid) {
        assertThat(RequestUri.isValid(uri)).isEqualTo(valid);
    }
}
