package flotilla.cli.fleetctl;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.api.ScoreBody;
import flotilla.fleet.api.WhyBody;
import flotilla.fleet.api.WhyBody.FindingBody;
import flotilla.fleet.api.WhyBody.StandingBody;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a person reads of few machines, and of a thousand. */
class WhyTextTest {
    @Test
    void machines_that_could_have_it_are_compared_and_the_others_are_told_by_reason() {
        WhyBody why =
                why(
                        fits("core-01", false, 0),
                        fits("core-02", true, 1),
                        refuses("core-03", "needs 512M, 300M free"),
                        refuses("core-04", "needs 512M, 200M free"));

        assertThat(text(why, false))
                .isEqualTo(
                        """
                        a.service: it is on core-02: a unit stays as long as its machine can have it

                        MACHINE  INSTANCES  LOAD
                        core-01  0  5.0%
                        core-02 *  1  5.0%

                        Memory: can't be on 2 machines
                          core-03: needs 512M, 300M free
                          core-04: needs 512M, 200M free
                        """);
    }

    @Test
    void of_a_thousand_machines_few_are_named_and_the_one_that_has_it_always() {
        List<StandingBody> machines = new ArrayList<>();
        IntStream.range(0, 300).forEach(i -> machines.add(fits("good-" + i, i == 200, 0)));
        IntStream.range(0, 300).forEach(i -> machines.add(refuses("full-" + i, "needs " + i)));
        IntStream.range(0, 400)
                .forEach(i ->
                        machines.add(
                                standing(
                                        "far-" + i,
                                        false,
                                        new FindingBody("MachineMetadata", "not met"),
                                        List.of())));

        String text = text(why(machines.toArray(StandingBody[]::new)), false);

        assertThat(text.lines().count()).isLessThan(30);
        assertThat(text)
                .contains("good-9 ", "good-200 *", "and 289 machines more: --all names them")
                .doesNotContain("good-10 ")
                .contains("MachineMetadata: can't be on 400 machines")
                .contains("  far-0, far-1, far-2, far-3, far-4 and 395 more: not met")
                .contains("Memory: can't be on 300 machines")
                .contains("  and 295 machines more: --all names them");
        assertThat(text.indexOf("MachineMetadata")).isLessThan(text.indexOf("Memory"));
    }

    @Test
    void all_means_all() {
        List<StandingBody> machines = new ArrayList<>();
        IntStream.range(0, 100).forEach(i -> machines.add(fits("good-" + i, false, 0)));
        IntStream.range(0, 100).forEach(i -> machines.add(refuses("full-" + i, "needs " + i % 50)));

        String text = text(why(machines.toArray(StandingBody[]::new)), true);

        assertThat(text).doesNotContain("--all").contains("good-99 ", "full-49, full-99: needs 49");
    }

    @Test
    void of_one_machine_each_check_is_told() {
        WhyBody why = why(refuses("core-03", "needs 512M, 300M free"));

        assertThat(at(why))
                .contains("core-03 can't have it")
                .contains("MachineID  ok", "Memory  needs 512M, 300M free")
                .contains("instances  0");
        assertThat(at(why(fits("core-01", true, 0)))).contains("core-01 has it");
        assertThat(at(why(fits("core-01", false, 0)))).contains("core-01 could have it");
    }

    @Test
    void what_wants_no_machine_is_told_in_a_sentence() {
        assertThat(text(why(), false)).hasLineCount(1);
    }

    @Test
    void machines_of_a_global_unit_are_not_compared() {
        StandingBody has = standing("core-01", true, new FindingBody("Memory", null), List.of());

        assertThat(text(why(has), false)).contains("1 machine can have it: core-01 *");
    }

    private static String text(WhyBody why, boolean all) {
        return readable(WhyText.of(why, all));
    }

    private static String at(WhyBody why) {
        return readable(WhyText.at(why));
    }

    /** Columns are parted by as many tabs as line them up. */
    private static String readable(String text) {
        return text.replaceAll("\t+", "  ");
    }

    private static WhyBody why(StandingBody... machines) {
        return new WhyBody(
                "a.service",
                "launched",
                List.of("it is on core-02: a unit stays as long as its machine can have it"),
                List.of(machines));
    }

    private static StandingBody fits(String machine, boolean here, long instances) {
        return standing(machine, here, new FindingBody("Memory", null), scores(instances));
    }

    private static StandingBody refuses(String machine, @Nullable String objection) {
        return standing(machine, false, new FindingBody("Memory", objection), scores(0));
    }

    private static List<ScoreBody> scores(long instances) {
        return List.of(
                new ScoreBody("instances", instances, Long.toString(instances)),
                new ScoreBody("load", 500, "5.0%"));
    }

    private static StandingBody standing(
            String machine, boolean here, FindingBody finding, List<ScoreBody> scores) {
        return new StandingBody(
                machine,
                machine,
                here,
                finding.objection() == null,
                List.of(new FindingBody("MachineID", null), finding),
                scores);
    }
}
