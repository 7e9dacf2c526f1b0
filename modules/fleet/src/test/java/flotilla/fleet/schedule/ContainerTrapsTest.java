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

/** Units that run containers, and what they are warned of. */
class ContainerTrapsTest {
    private static final String STOP = "ExecStop=/usr/bin/docker stop -t 5 a\n";
    private static final String FREE = "ExecStartPre=-/usr/bin/docker rm -f a\n";

    private static List<String> warnings(String service) {
        Review review =
                Review.of(UnitFile.parse("[Service]\n" + service), new UnitName("a.service"));
        assertThat(review.problems()).isEmpty();
        return review.warnings().stream().map(Problem::toString).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "/usr/bin/docker run -d app",
        "docker run --detach app",
        "-/usr/bin/docker run -itd --name a app",
        "/bin/sh -c 'exec docker --log-level info run -dp 80:80 app'",
    })
    void a_client_that_ends_at_once_is_watched_in_vain(String command) {
        assertThat(warnings(STOP + FREE + "ExecStart=" + command))
                .containsExactly(
                        "4:1: ExecStart: docker run -d ends at once, and systemd watches nothing: leave out -d");
    }

    @Test
    void one_restarter_is_enough() {
        assertThat(warnings(STOP + "ExecStart=docker run --restart=always app"))
                .containsExactly(
                        "3:1: ExecStart: --restart has Docker start again what systemd stopped: Restart= in [Service] instead");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--rm", "--rm --init"})
    void a_name_that_nobody_frees_is_taken_after_a_crash(String more) {
        assertThat(warnings(STOP + "ExecStart=docker run --name a " + more + " app"))
                .containsExactly(
                        "3:1: ExecStart: a client that was killed leaves container a, and its name is taken: ExecStartPre=-/usr/bin/docker rm -f a");
    }

    @Test
    void what_is_killed_frees_its_name_only_when_it_is_removed_then() {
        String kill = "ExecStartPre=-docker kill a\n";

        assertThat(warnings(STOP + kill + "ExecStart=docker run --rm --name a app")).isEmpty();
        assertThat(warnings(STOP + kill + "ExecStart=docker run --name a app")).hasSize(1);
    }

    @Test
    void a_container_that_nobody_stops_may_outlive_its_unit() {
        assertThat(warnings(FREE + "ExecStart=docker run --name=a app"))
                .containsExactly(
                        "3:1: ExecStart: a container that does not end on TERM outlives the unit: ExecStop=/usr/bin/docker stop -t 5 a");
    }

    @Test
    void a_pull_counts_for_the_start() {
        String unit =
                STOP + FREE + "ExecStartPre=/usr/bin/docker pull app\nExecStart=docker run app";

        assertThat(warnings(unit))
                .containsExactly(
                        "4:1: ExecStartPre: a pull counts for the start, which has 90 s: TimeoutStartSec=0, or flotilla image push");
        assertThat(warnings(unit + "\nTimeoutStartSec=0")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ExecStart=docker run -t --name a --restart no app run -d --restart=always",
                "Type=oneshot\nRemainAfterExit=yes\nExecStart=docker run -d --name b app",
                "ExecStart=/bin/sh -c 'docker run --detach=false app'",
                "ExecStart=podman run -d --name b app",
                "ExecStart=/usr/bin/docker-proxy run -d",
            })
    void what_is_as_it_should_be_is_no_matter(String service) {
        assertThat(warnings(FREE + STOP + service)).isEmpty();
    }
}
