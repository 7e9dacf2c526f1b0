package flotilla.machine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Every value here is what systemd 252 made of the same file. */
class EnvironmentFileTest {
    @Test
    void quotes_and_backslashes_mean_what_they_mean_to_systemd() {
        String text =
                """
                # remark
                ; remark
                PLAIN=plain
                DOUBLE="double quoted # not a remark"
                SINGLE='single $A \\n'
                TRAILING=trailing spaces  \t
                CONTINUED=cont\\
                inued
                LINES="two
                lines"
                MID=mid"quoted part"end
                 BLANKS = spaced
                BACK=back\\slash \\\\ \\"
                ESCAPED="esc \\" \\\\ \\$ \\n \\` x"
                EMPTY=
                HASH=hash # here
                JOINED='a''b'"c"
                OPEN="never closed
                """;

        assertThat(EnvironmentFile.parse(text))
                .containsEntry("PLAIN", "plain")
                .containsEntry("DOUBLE", "double quoted # not a remark")
                .containsEntry("SINGLE", "single $A \\n")
                .containsEntry("TRAILING", "trailing spaces")
                .containsEntry("CONTINUED", "continued")
                .containsEntry("LINES", "two\nlines")
                .containsEntry("MID", "mid\"quoted part\"end")
                .containsEntry("BLANKS", "spaced")
                .containsEntry("BACK", "backslash \\ \"")
                .containsEntry("ESCAPED", "esc \" \\ $ \\n ` x")
                .containsEntry("EMPTY", "")
                .containsEntry("HASH", "hash # here")
                .containsEntry("JOINED", "abc");
    }

    @Test
    void what_is_no_variable_is_passed_over() {
        assertThat(EnvironmentFile.parse("export A=1\n1B=2\nno assignment\nC-D=3\nE=5"))
                .containsOnlyKeys("E");
    }
}
