package flotilla.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which differences from a document are those of another run, and which are lies. */
class LikenessTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a1db588d... 127.77.0.13 -       | fee047e8...\t\t127.77.0.11\t-
                    token http://h/d3264ab76ff46a1e27204032f20a0e0e | token http://h/00000000000000000000000000000001
                    12cff9905f1078d9, started       | bfc3f43f98351e74, started
                    12cff9905f1078d9, started       | b397cf2a0d5, started
                    Nov 29 09:38:56 core-03 init[1]: Started | Dec  1 00:00:00 core-01 init[4711]: Started
                    running since Sun 2026-11-29 09:39:35 UTC; 3s ago | running since Sun 2027-01-01 00:00:00 UTC; 12s ago
                      core-02: conflicts with lb@3.service | core-01: conflicts with lb@1.service
                    core-01 127.77.0.11 leader      | core-03 127.77.0.12 follower
                    """)
    void times_ids_and_which_machine_differ_from_run_to_run(String shown, String printed) {
        assertThat(alike(List.of(shown), List.of(printed))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    api@1.service a1db588d... active | api@1.service a1db588d... failed
                    api@1.service launched           | api@2.service launched
                    {"health":"true"}                | {"health":"false"}
                    core-02 is down                  | core-02 is up
                    http://127.77.0.11:2379          | http://127.77.0.11:4001
                    """)
    void any_other_difference_is_one(String shown, String printed) {
        assertThat(alike(List.of(shown), List.of(printed))).isFalse();
    }

    @Test
    void three_dots_stand_for_any_lines_and_for_none() {
        assertThat(alike(List.of("a", "...", "d"), List.of("a", "b", "c", "d"))).isTrue();
        assertThat(alike(List.of("a", "...", "d"), List.of("a", "d"))).isTrue();
        assertThat(alike(List.of("a", "..."), List.of("b", "a"))).isFalse();
    }

    @Test
    void a_command_with_nothing_below_it_prints_nothing() {
        assertThat(alike(List.of(), List.of())).isTrue();
        assertThat(alike(List.of(), List.of("flotilla: it failed"))).isFalse();
        assertThat(alike(List.of("done"), List.of())).isFalse();
    }

    @Test
    void units_are_on_as_many_machines_as_the_document_says() {
        List<String> two = List.of("a aaaaaaaa.../127.77.0.11", "b bbbbbbbb.../127.77.0.12");
        List<String> one = List.of("a cccccccc.../127.77.0.11", "b cccccccc.../127.77.0.11");

        assertThat(alike(two, one)).isFalse();
        assertThat(alike(one, two)).isFalse();
    }

    private static boolean alike(List<String> shown, List<String> printed) {
        return Likeness.alike(shown, printed);
    }
}
