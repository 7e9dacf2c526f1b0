package flotilla.cloudconfig.document;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnixPathTest {
    @ParameterizedTest
    @CsvSource({
        "/a//b/, /a/b",
        "/a/./b, /a/b",
        "/a/../b, /b",
        "/../a, /a",
        "/.., /",
        "a/../.., ..",
        "../a/../.., ../..",
        "a/.., .",
        "., .",
        "a, a"
    })
    void a_path_is_cleaned_as_go_cleans_it(String path, String clean) {
        assertThat(UnixPath.clean(path)).isEqualTo(clean);
    }
}
