package flotilla.units;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FleetOptionsTest {
    @Test
    void options_are_read_by_their_names_and_their_legacy_names() {
        FleetOptions options =
                read(
                        """
                        X-ConditionMachineOf=%p-data@%i.service
                        MachineMetadata="disk=ssd" "zone=a"
                        MachineMetadata=zone=b
                        MachineMetadata=a=b=c
                        X-Conflicts=api@*.service  lb@?.service
                        Conflicts=x.service
                        Memory=1G
                        Colour=red
                        """);

        assertThat(options.machineOf()).containsExactly("api-data@1.service");
        assertThat(options.metadata())
                .isEqualTo(Map.of("disk", Set.of("ssd"), "zone", Set.of("a", "b")));
        assertThat(options.conflicts())
                .containsExactly("api@*.service", "lb@?.service", "x.service");
        assertThat(options.unknown()).containsExactly("Colour");
        assertThat(options.problems()).isEmpty();
    }

    @Test
    void the_first_machine_id_and_the_last_global_win() {
        assertThat(read("MachineID=a\nMachineID=b\n").machineId()).contains("a");
        assertThat(read("Global=true\nGlobal=no\n").global()).isFalse();
        assertThat(read("Global=no\nGlobal=On\n").global()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MachineID=new;X-ConditionMachineID=old",
                "X-ConditionMachineID=old;MachineID=new",
                "X-ConditionMachineBootID=boot;MachineID=new;X-ConditionMachineID=old",
                "X-ConditionMachineBootID=boot;X-ConditionMachineID=new"
            })
    void of_an_old_and_a_new_name_of_the_machine_id_the_new_one_wins(String lines) {
        FleetOptions options = read(lines.replace(';', '\n'));

        assertThat(options.machineId()).contains("new");
        assertThat(options.unknown()).isEmpty();
    }

    @Test
    void of_an_old_and_a_new_name_of_a_list_both_count() {
        FleetOptions options =
                read(
                        """
                        MachineOf=new.service
                        X-ConditionMachineOf=old.service
                        Conflicts=new-*
                        X-Conflicts=old-*
                        MachineMetadata=zone=new
                        X-ConditionMachineMetadata=zone=old
                        X-MachineOf=nobody-knows-this-name.service
                        """);

        assertThat(options.machineOf()).containsExactly("old.service", "new.service");
        assertThat(options.conflicts()).containsExactly("old-*", "new-*");
        assertThat(options.metadata()).isEqualTo(Map.of("zone", Set.of("new", "old")));
        assertThat(options.unknown()).containsExactly("X-MachineOf");
    }

    @ParameterizedTest
    @CsvSource({"Conflicts, 256, 0", "Conflicts, 257, 1", "Replaces, 257, 1", "MachineOf, 257, 1"})
    void a_unit_that_names_more_than_256_others_is_refused(String option, int count, int problems) {
        String lines =
                IntStream.range(0, count)
                        .mapToObj(i -> option + "=other-" + i + ".service\n")
                        .collect(Collectors.joining());

        assertThat(read(lines).problems()).hasSize(problems);
    }

    @Test
    void several_peers_on_one_unquoted_line_are_one_name() {
        assertThat(read("MachineOf=a.service b.service\n").machineOf())
                .containsExactly("a.service b.service");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MachineID=a;MachineOf=b.service",
                "MachineID=a;Conflicts=b.service",
                "MachineID=a;Global=true",
                "MachineID=a;Replaces=b.service",
                "Global=true;MachineOf=b.service",
                "Global=true;Replaces=b.service",
                "Conflicts=a.service;Replaces=b.service",
                "MachineOf=web@1.service;Conflicts=web@*.service",
                "MachineOf=web@1.service;Replaces=web@*.service"
            })
    void combinations_that_cannot_be_met_are_refused(String lines) {
        assertThat(read(lines.replace(';', '\n')).problems()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "abc, abc, true",
        "*, abc, true",
        "*c, abc, true",
        "a*, ab/c, false",
        "a*/c, ab/c, true",
        "a?c, abc, true",
        "a?c, a/c, false",
        "[a-c]x, bx, true",
        "[^a-c]x, bx, false",
        "[a, a, false",
        "a\\*c, a*c, true",
        "a*b*c, aXbYbZc, true",
        "a*b*c, aXbYbZ, false",
        "*a*a*a*a*a*a*a*a*b, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, false",
        "*a*a*a*a*a*a*a*a*b, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab, true",
        "a**b, ab, true",
        "'', '', true"
    })
    void globs_match_as_gos_do(String glob, String text, boolean expected) {
        assertThat(Glob.matches(glob, text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "a.service, a.service",
        "*ab?c*defg*h, defg",
        "*[abc]def, ''",
        "a\\*bcd, a",
        "'', ''",
        "***, ''"
    })
    void what_a_glob_matches_contains_its_longest_run_of_plain_characters(
            String glob, String part) {
        assertThat(Glob.literalPart(glob)).isEqualTo(part);
    }

    @ParameterizedTest
    @CsvSource({
        "a.service, a.service",
        "lb@*.service, lb@",
        "a?, a",
        "[ab]c, ''",
        "a\\*b, a",
        "'', ''"
    })
    void what_a_glob_matches_begins_with_what_stands_before_its_first_sign(
            String glob, String prefix) {
        assertThat(Glob.literalPrefix(glob)).isEqualTo(prefix);
    }

    @Test
    void a_unit_states_its_needs_by_fleet_or_by_service_options() {
        Resources fleet = Resources.of(UnitFile.parse("[X-Fleet]\nMemory=512M\nCPU=0.5\n"));
        Resources service =
                Resources.of(UnitFile.parse("[Service]\nMemoryMax=1.5G\nCPUQuota=150%\n"));
        Resources unlimited = Resources.of(UnitFile.parse("[Service]\nMemoryMax=infinity\n"));

        assertThat(fleet.memoryBytes()).hasValue(512L << 20);
        assertThat(fleet.cpus()).hasValue(0.5);
        assertThat(service.memoryBytes()).hasValue(3L << 29);
        assertThat(service.cpus()).hasValue(1.5);
        assertThat(unlimited).isEqualTo(Resources.NONE);
    }

    @Test
    void time_spans_and_words_are_read_as_systemd_reads_them() {
        assertThat(TimeSpan.parse("1min 30s")).contains(Duration.ofSeconds(90));
        assertThat(TimeSpan.parse("1.5h")).contains(Duration.ofMinutes(90));
        assertThat(TimeSpan.parse("100ms")).contains(Duration.ofMillis(100));
        assertThat(TimeSpan.parse("20")).contains(Duration.ofSeconds(20));
        assertThat(TimeSpan.parse("soon")).isEmpty();
        assertThat(Words.split("a 'b c' \"d\\\"e\" f\\x41 \\$g \\101 \"\""))
                .containsExactly("a", "b c", "d\"e", "fA", "\\$g", "A", "");
    }

    @Test
    void preferences_are_read_as_their_hard_counterparts_are() {
        FleetOptions options =
                read(
                        """
                        SpreadOver=rack
                        SpreadOver=zone
                        AvoidMachineOf=%p@* db.*
                        PreferMachineMetadata="disk=ssd" "disk=nvme"
                        AvoidMachineMetadata=spot=%i
                        PreferMachineOf=db@%i.service
                        Placement=pack
                        """);

        assertThat(options.preferences())
                .isEqualTo(
                        new Preferences(
                                Optional.of("zone"),
                                List.of("api@*", "db.*"),
                                Map.of("spot", Set.of("1")),
                                List.of("db@1.service"),
                                Map.of("disk", Set.of("ssd", "nvme")),
                                Optional.of(true)));
        assertThat(read("SpreadOver=zone\nSpreadOver=\nPlacement=pack\nPlacement=").preferences())
                .isEqualTo(Preferences.NONE);
        assertThat(read("Placement=spread").preferences().packed()).contains(false);
        assertThat(read("Placement=stack").preferences()).isEqualTo(Preferences.NONE);
        assertThat(read("Placement=pack\nSpreadOver=zone").unknown()).isEmpty();
    }

    @Test
    void units_that_are_preferred_or_avoided_count_among_those_that_are_named() {
        String names = " b".repeat(FleetOptions.NAMED_MAX);

        assertThat(read("AvoidMachineOf=" + names).problems()).isEmpty();
        assertThat(read("AvoidMachineOf=" + names + "\nMachineOf=c.service").problems())
                .extracting(Problem::message)
                .containsExactly(
                        "MachineOf, Conflicts, Replaces, PreferMachineOf and AvoidMachineOf name"
                                + " 257 units and globs, at most 256 are taken");
    }

    private static FleetOptions read(String lines) {
        return FleetOptions.of(UnitFile.parse("[X-Fleet]\n" + lines), UnitName.of("api@1"));
    }
}
