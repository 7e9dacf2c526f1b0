package flotilla.units;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitFileTest {
    @Test
    void the_hash_of_a_unit_is_the_one_fleet_computes() {
        UnitFile bare =
                UnitFile.parse(
                        """
                        [Service]
                        ExecStart=/bin/bash -c "while true; do echo Hello, World!; sleep 1; done"
                        """);
        UnitFile hello =
                UnitFile.parse(
                        """
                        # comments and spacing are no part of it
                        [Unit]
                        Description = Hello World

                        [Service]

                        ExecStart=/bin/bash -c "while true; do echo \\"Hello, world\\"; sleep 1; done"
                        """);

        assertThat(bare.hash()).isEqualTo("3750b3e9f3962a56c7582929426e9abb012754cf");
        assertThat(hello.hash()).isEqualTo("e55c0aeb44ba0b68004ceb8a200e685194448b45");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n\n",
                "no section=1",
                "[Unit]\r\nA=b\r\n",
                "[Unit]\nA=b \\\n # remark\n  c\n",
                "\uFEFF[Unit]\nA=b",
                "[Unit\nA=b\n]",
                "[A]\nx\n=y\n[B] tail\nz=\\"
            })
    void any_text_comes_back_as_it_was_written(String text) {
        assertThat(UnitFile.parse(text).text()).isEqualTo(text);
    }

    @Test
    void a_continued_line_is_one_value_and_comments_inside_it_are_dropped() {
        UnitFile file =
                UnitFile.parse(
                        "[Service]\nExecStart=/bin/a \\\n# why\n   one \\\n   two\nUser=x\n");

        assertThat(file.option("Service", "ExecStart").orElseThrow().split("\\s+"))
                .containsExactly("/bin/a", "one", "two");
        assertThat(file.option("Service", "User")).contains("x");
        assertThat(file.options().getFirst().raw()).contains("\\\n# why\n");
    }

    @Test
    void an_empty_assignment_resets_a_list() {
        UnitFile file =
                UnitFile.parse("[Service]\nExecStart=/bin/a\n")
                        .with(UnitFile.parse("[Service]\nExecStart=\nExecStart=/bin/b\n"));

        assertThat(file.values("Service", "ExecStart")).containsExactly("/bin/b");
    }

    @Test
    void what_is_wrong_is_told_with_its_place() {
        UnitFile file = UnitFile.parse("x=1\n[Unit]\n  bare words\n[Bad\n=v\n" + "y".repeat(3000));

        assertThat(file.problems().stream().map(Problem::toString))
                .containsExactlyInAnyOrder(
                        "1:1: assignment outside of a section",
                        "3:3: expected NAME=VALUE",
                        "4:1: section header without ']'",
                        "5:1: assignment without a name",
                        "6:1: expected NAME=VALUE");
    }

    @Test
    void a_byte_order_mark_at_the_head_is_skipped() {
        UnitFile file = UnitFile.parse("\uFEFF[Unit]\nDescription=\uFEFFx\n");

        assertThat(file.problems()).isEmpty();
        assertThat(file.option("Unit", "Description")).contains("\uFEFFx");
    }

    /** systemd's {@code read_line()}: what follows is a directive of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\n\r", "\r", "\0"})
    void every_line_end_of_systemds_ends_a_line(String end) {
        UnitFile file =
                UnitFile.parse("[Service]" + end + "ExecStart=/bin/a" + end + "User=root" + end);

        assertThat(file.options())
                .extracting(UnitOption::name, UnitOption::raw, UnitOption::line)
                .containsExactly(tuple("ExecStart", "/bin/a", 2), tuple("User", "root", 3));
    }

    @Test
    void a_nul_byte_is_told_with_its_line() {
        assertThat(UnitFile.parse("[Unit]\nA=b\0c=d\n").problems())
                .extracting(Problem::toString)
                .containsExactly("2:1: NUL byte, which ends the line");
    }

    /** go-systemd wants a line end among the first 2,048 bytes of what is left. */
    @ParameterizedTest
    @CsvSource({"2047, false", "2048, true", "100000, true"})
    void a_line_has_at_most_2048_bytes_with_its_end_for_fleet(int bytes, boolean tooLong) {
        String line = "#" + "é".repeat(bytes / 2 - 1) + (bytes % 2 == 0 ? "x" : "xy");

        assertThat(line.getBytes(UTF_8)).hasSize(bytes);
        UnitFile file = UnitFile.parse("[Unit]\n" + line + "\nA=b\n");

        assertThat(file.problems()).isEmpty();
        assertThat(file.tooLongForFleet().map(Problem::toString))
                .isEqualTo(
                        tooLong
                                ? Optional.of("2:1: line too long (max 2048 bytes)")
                                : Optional.empty());
    }

    @Test
    void a_hundred_thousand_options_are_read() {
        String text = "[Service]\n" + "Environment=A=b \\\n  B=c\n".repeat(100_000);

        assertThat(UnitFile.parse(text).options()).hasSize(100_000);
    }

    @Test
    void options_without_a_file_make_the_same_unit() {
        List<UnitOption> options =
                List.of(
                        UnitOption.of("Unit", "Description", "x"),
                        UnitOption.of("Service", "ExecStart", "/bin/true"),
                        UnitOption.of("Unit", "After", "y.service"));

        UnitFile file = UnitFile.of(options);

        assertThat(file.text())
                .isEqualTo(
                        "[Unit]\nDescription=x\nAfter=y.service\n\n[Service]\nExecStart=/bin/true\n");
        assertThat(UnitFile.parse(file.text()).hash()).isEqualTo(file.hash());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void nothing_a_file_holds_makes_the_readers_throw(long seed) {
        Random random = new Random(seed);
        String alphabet = "[]=\\\"'#;\n\r \t%@.-*?ab1XFleetServiceMachineOf\u00e9\u0000";
        for (int round = 0; round < 400; round++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "[X-Fleet]\n" : "");
            int length = random.nextInt(120);
            for (int i = 0; i < length; i++) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            UnitFile file = UnitFile.parse(text.toString());

            assertThat(file.text()).isEqualTo(text.toString());
            assertThat(file.hash()).hasSize(40);
            assertThat(FleetOptions.of(file, UnitName.of("a@b")).problems()).isNotNull();
            assertThat(Words.split(text.toString())).doesNotContainNull();
            assertThat(Glob.matches(text.toString(), "some/text")).isIn(true, false);
            assertThat(Resources.of(file)).isNotNull();
            assertThat(UnitName.unescape(UnitName.escape(text.toString())))
                    .isEqualTo(text.toString());
        }
    }
}
