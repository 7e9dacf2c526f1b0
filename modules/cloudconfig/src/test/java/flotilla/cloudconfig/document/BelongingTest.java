package flotilla.cloudconfig.document;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.cloudconfig.document.CloudConfig.Mode;
import flotilla.cloudconfig.plan.Action;
import flotilla.cloudconfig.plan.Plan;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code flotilla:} of a cloud-config. */
class BelongingTest {
    private static final String TOKEN = "flt1.aaaa.bbbb.secret22";

    private static CloudConfig.Reading read(String ours) {
        return CloudConfig.read("#cloud-config\n" + ours, Mode.LENIENT);
    }

    private static Optional<Belonging> belonging(String ours) {
        CloudConfig.Reading reading = read(ours);
        assertThat(reading.problems()).isEmpty();
        return reading.document().orElseThrow().belonging();
    }

    @Test
    void a_machine_joins_by_a_token_or_a_file_that_holds_one() {
        assertThat(
                        belonging(
                                """
                                flotilla:
                                  join:
                                    url: https://10.0.0.11:49153
                                    token: %s
                                    address: 10.0.0.12
                                """
                                        .formatted(TOKEN)))
                .contains(
                        new Belonging.Another(
                                "https://10.0.0.11:49153",
                                Optional.of(TOKEN),
                                Optional.empty(),
                                Optional.of("10.0.0.12")));
        assertThat(belonging("flotilla: {join: {url: 'https://a:49153', token-file: /run/token}}"))
                .contains(
                        new Belonging.Another(
                                "https://a:49153",
                                Optional.empty(),
                                Optional.of("/run/token"),
                                Optional.empty()));
    }

    @Test
    void a_machine_begins_a_cluster() {
        assertThat(belonging("flotilla: {init: {name: shop}}"))
                .contains(new Belonging.First(Optional.of("shop"), Optional.empty()));
        assertThat(belonging("hostname: core-01")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "flotilla: {}|2:1: error: \"flotilla:\" asks for nothing",
                "flotilla: {init: {name: a}, join: {url: 'https://a:1', token: flt1.a.b.c}}|can't be a cluster's first and join one",
                "flotilla: {join: {url: 'http://a:1', token: flt1.a.b.c}}|2:19: error: the url of a machine that signs",
                "flotilla: {join: {url: 'https://a:1'}}|error: give \"token:\" or \"token-file:\"",
                "flotilla: {join: {url: 'https://a:1', token: flt-5ecret}}|2:39: error: this is no join token",
                "flotilla: {join: {url: 'https://a:1', token: flt1.a.b.c, address: x}}|\"x\" is no IPv4 or IPv6 address",
                "flotilla: {join: {url: 'https://a:1', token-file: run/token}}|needs a path from / on",
                "flotilla: {init: {name: Shop!}}|2:19: error: \"Shop!\" is no name of a cluster"
            })
    void what_is_wrong_is_named_with_its_place_and_never_with_the_token(
            String ours, String problem) {
        List<String> problems = read(ours).problems().stream().map(Problem::toString).toList();

        assertThat(problems).anyMatch(words -> words.contains(problem));
        assertThat(problems).noneMatch(words -> words.contains("5ecret"));
        assertThat(read(ours).document().orElseThrow().belonging()).isEmpty();
    }

    @Test
    void the_original_does_not_know_it() {
        assertThat(
                        CloudConfig.read("#cloud-config\nflotilla: {init: {name: a}}", Mode.STRICT)
                                .problems())
                .anyMatch(problem -> problem.original().contains("unrecognized key \"flotilla\""));
    }

    @Test
    void a_machine_comes_to_its_cluster_before_its_units_are_started_and_no_token_is_told() {
        CloudConfig config =
                read("""
                flotilla: {join: {url: 'https://a:49153', token: %s}}
                coreos: {units: [{name: etcd.service, command: start}]}
                """
                                .formatted(TOKEN))
                        .document()
                        .orElseThrow();

        Plan plan = Plan.of(config, Metadata.of("", "", ""));

        List<? extends Class<?>> order = plan.actions().stream().map(Object::getClass).toList();
        assertThat(order.indexOf(Action.Belong.class))
                .isNotNegative()
                .isLessThan(order.indexOf(Action.RunJob.class));
        assertThat(plan.explain()).contains("join the cluster of https://a:49153");
        assertThat(plan.explain() + plan + config).doesNotContain("secret22");
    }
}
