package flotilla.fleet.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.units.Problem;
import flotilla.units.UnitFile;
import flotilla.units.UnitName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReviewTest {
    @ParameterizedTest
    @CsvSource({
        "Memory=lots,      '4:1: Memory: lots is no size in bytes, such as 512M'",
        "CPU=many,         '4:1: CPU: many is no number of cores, such as 0.5'",
        "Handover=gently,  '4:1: Handover: gently is neither stop-first nor start-first'",
        "OnLost=move,      '4:1: OnLost: move is neither stop nor keep'",
        "Placement=Pack,   '4:1: Placement: Pack is neither spread nor pack'",
        "SpreadOver=zone=a,'4:1: SpreadOver: zone=a is no key of metadata, such as zone'",
        "HTTPHealth=ftp://a/,     '4:1: HTTPHealth: ftp://a/ is no URL, such as"
                + " http://127.0.0.1:8080/health'",
        "HTTPHealth=http:///x,    '4:1: HTTPHealth: http:///x is no URL, such as"
                + " http://127.0.0.1:8080/health'",
        "HTTPHealth=localhost:80, '4:1: HTTPHealth: localhost:80 is no URL, such as"
                + " http://127.0.0.1:8080/health'",
        "TCPHealth=5432,          '4:1: TCPHealth: 5432 is not HOST:PORT, such as 127.0.0.1:5432'",
        "TCPHealth=a:0,           '4:1: TCPHealth: a:0 is not HOST:PORT, such as 127.0.0.1:5432'",
        "TCPHealth=a:99999,       '4:1: TCPHealth: a:99999 is not HOST:PORT, such as"
                + " 127.0.0.1:5432'",
        "TCPHealth=a:1/x,         '4:1: TCPHealth: a:1/x is not HOST:PORT, such as 127.0.0.1:5432'",
        "HealthInterval=often,    '4:1: HealthInterval: often is no time of 100ms to 1d, such as"
                + " 10s'",
        "HealthTimeout=0,         '4:1: HealthTimeout: 0 is no time of 100ms to 1d, such as 10s'",
        "HealthTimeout=2d,        '4:1: HealthTimeout: 2d is no time of 100ms to 1d, such as 10s'",
    })
    void a_size_that_can_not_be_read_is_refused_at_its_line(String option, String problem) {
        Review review = review(option);

        assertThat(review.problems()).extracting(Problem::toString).containsExactly(problem);
        assertThat(review.warnings()).isEmpty();
    }

    @Test
    void options_that_contradict_each_other_are_refused_at_the_last_of_them() {
        Review review = review("Conflicts=a@*\nMachineID=0123\nConflicts=b\nMachineMetadata=a=b");

        assertThat(review.problems())
                .extracting(Problem::toString)
                .containsExactly("6:1: MachineID cannot be used with Conflicts");
    }

    @ParameterizedTest
    @CsvSource({
        "MachineMetdata=a=b,          '4:1: MachineMetdata: unknown option in [X-Fleet], has no"
                + " effect'",
        "MachineMetadata=role,        '4:1: MachineMetadata: role is not KEY=VALUE, has no effect'",
        "PreferMachineMetadata=ssd,   '4:1: PreferMachineMetadata: ssd is not KEY=VALUE, has no"
                + " effect'",
        "AvoidMachineMetadata=a=b=c,  '4:1: AvoidMachineMetadata: a=b=c is not KEY=VALUE, has no"
                + " effect'",
        "SpreadOver=zone,             '4:1: SpreadOver: has no effect on a unit that is no instance"
                + " of a template'",
        "X-ConditionMachineMetadata=a=b=c, '4:1: X-ConditionMachineMetadata: a=b=c is not"
                + " KEY=VALUE, has no effect'",
    })
    void what_has_no_effect_is_warned_of(String option, String warning) {
        Review review = review(option);

        assertThat(review.problems()).isEmpty();
        assertThat(review.warnings()).extracting(Problem::toString).containsExactly(warning);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Placement=pack",
                "SpreadOver=zone",
                "PreferMachineOf=a.service",
                "AvoidMachineOf=a.*",
                "PreferMachineMetadata=a=b",
                "AvoidMachineMetadata=a=b"
            })
    void a_preference_of_a_global_unit_is_warned_of(String option) {
        Review review = review(option + "\nGlobal=yes");

        assertThat(review.problems()).isEmpty();
        assertThat(review.warnings())
                .extracting(Problem::toString)
                .containsExactly(
                        "4:1: %s: has no effect on a global unit".formatted(option.split("=")[0]));
    }

    @Test
    void a_template_may_say_what_its_instances_are_spread_over() {
        UnitFile file = UnitFile.parse("[X-Fleet]\nSpreadOver=zone\nPreferMachineOf=db@%i\n");

        assertThat(Review.of(file, new UnitName("a@.service")))
                .isEqualTo(new Review(List.of(), List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "ExecHealth=/bin/true %i",
        "HTTPHealth=http://localhost/%i?a=%%20b",
        "HTTPHealth=https://[::1]:8443/",
        "TCPHealth=[::1]:80",
        "TCPHealth=host-%p.example:5432",
        "TCPHealth=",
        "HealthInterval=100ms",
        "HealthTimeout=1min 30s",
    })
    void a_check_of_health_that_can_be_read_has_an_effect(String option) {
        Review review = review(option);

        assertThat(review.problems()).isEmpty();
        assertThat(review.warnings()).isEmpty();
    }

    @Test
    void a_unit_has_one_check_of_its_health() {
        Review review = review("HTTPHealth=http://a/\nTCPHealth=a:1\nExecHealth=");

        assertThat(review.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "5:1: TCPHealth: a unit has one check of its health, and this is another one");
    }

    @Test
    void what_is_said_of_handing_over_has_an_effect() {
        Review review = review("Handover=start-first\nOnLost=\nOnLost=stop");

        assertThat(review.problems()).isEmpty();
        assertThat(review.warnings()).isEmpty();
    }

    @Test
    void a_template_is_not_warned_of_what_its_instances_fill_in() {
        UnitFile file =
                UnitFile.parse("[X-Fleet]\nMachineMetadata=hostname=%i\nMachineMetadata=%i\n");

        assertThat(Review.of(file, new UnitName("a@.service")).warnings())
                .extracting(Problem::toString)
                .containsExactly("3:1: MachineMetadata: %i is not KEY=VALUE, has no effect");
    }

    @Test
    void a_line_that_fleet_would_not_read_back_is_refused() {
        assertThat(review("#" + "x".repeat(2048)).problems())
                .extracting(Problem::toString)
                .containsExactly("4:1: line too long (max 2048 bytes)");
    }

    @ParameterizedTest
    @CsvSource({
        "Memory=512M",
        "Memory=",
        "CPU=0.5",
        "MachineMetadata=a=b",
        "Global=true",
        "Placement=pack",
        "Placement=spread",
        "PreferMachineOf=b.service",
        "AvoidMachineOf=b@* c.*",
        "PreferMachineMetadata=a=b",
        "AvoidMachineMetadata=a=b",
        "SpreadOver=",
        "Replaces=a@*"
    })
    void what_can_be_honoured_passes(String option) {
        assertThat(review(option)).isEqualTo(new Review(List.of(), List.of()));
    }

    private static Review review(String options) {
        return Review.of(
                UnitFile.parse("[Service]\nExecStart=/bin/true\n[X-Fleet]\n" + options + "\n"),
                new UnitName("a.service"));
    }
}
