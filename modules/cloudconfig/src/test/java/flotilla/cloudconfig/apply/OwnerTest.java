package flotilla.cloudconfig.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** chown(1), the operand OWNER. Anybody may give a file to the one who has it. */
class OwnerTest {
    @TempDir Path directory;
    private Path file;
    private PosixFileAttributes now;

    @BeforeEach
    void aFile() throws IOException {
        file = Files.createFile(directory.resolve("file"));
        now = Files.readAttributes(file, PosixFileAttributes.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"U", "U:G", ":G", "U:", "U.G", ":"})
    void every_form_of_chown_is_taken(String form) throws IOException {
        Owner.give(file, named(form, now.owner().getName(), now.group().getName()));

        assertThat(Files.readAttributes(file, PosixFileAttributes.class).owner())
                .isEqualTo(now.owner());
    }

    @ParameterizedTest
    @ValueSource(strings = {"U", "U:G", ":G", "U.G", "U:"})
    void numbers_stand_for_names(String form) throws IOException {
        String user = Files.getAttribute(file, "unix:uid").toString();
        String group = Files.getAttribute(file, "unix:gid").toString();

        Owner.give(file, named(form, user, group));

        assertThat(Files.readAttributes(file, PosixFileAttributes.class).group())
                .isEqualTo(now.group());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nobody-of-that-name | there is no user \"nobody-of-that-name\" on this host: make one, or give a number",
                "no-such.no-such | there is no user \"no-such\" on this host: make one, or give a number",
                ":no-such-group | there is no group \"no-such-group\" on this host: make one, or give a number",
                "no-such: | /etc/passwd has no user \"no-such\", whose group \"no-such:\" asks for: write USER:GROUP",
            })
    void one_that_the_host_does_not_know_is_named(String owner, String words) {
        assertThatThrownBy(() -> Owner.give(file, owner)).hasMessage(words);
    }

    @Test
    void whom_no_name_and_no_number_means_is_refused() {
        assertThatThrownBy(() -> Owner.give(file, "99999999999"))
                .hasMessageContaining("there is no user");
    }

    private static String named(String form, String user, String group) {
        return form.replace("U", user).replace("G", group);
    }
}
