package flotilla.fleet.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageNameTest {
    @ParameterizedTest
    @CsvSource({
        "app, app:latest",
        "app:1, app:1",
        "team/app, team/app:latest",
        "localhost:5000/app, localhost:5000/app:latest",
        "reg.example/a/b_c-d:V1.2, reg.example/a/b_c-d:V1.2",
    })
    void a_name_has_a_tag(String text, String full) {
        assertThat(ImageName.read(text).map(ImageName::full)).contains(full);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "App",
                "a b",
                "a:",
                ":1",
                "../a",
                "a/../b",
                "a@sha256:ab",
                "-a",
                "%a",
                "a//b"
            })
    void what_engines_would_not_take_is_no_name(String text) {
        assertThat(ImageName.read(text)).isEmpty();
    }
}
