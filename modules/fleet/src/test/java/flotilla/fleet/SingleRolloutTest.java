package flotilla.fleet;

import static flotilla.fleet.ThreeMachines.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import flotilla.fleet.api.DeedBody;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import flotilla.fleet.api.Period;
import flotilla.fleet.api.RolloutBody;
import flotilla.fleet.api.RolloutBody.Member;
import flotilla.fleet.api.RolloutRequest;
import flotilla.fleet.api.UnitOption;
import flotilla.fleet.job.JobState;
import flotilla.units.UnitFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** New texts go to units that are no instances, one of them on every machine, over the API. */
@Timeout(120)
class SingleRolloutTest {
    private static final String EVERYWHERE = "node.service";
    private static final String ALONE = "db.service";

    @TempDir private Path directory = Path.of("");
    private ThreeMachines cluster;
    private FleetClient fleet;

    private static UnitFile text(String command, String more) {
        return UnitFile.parse(
                "[Service]\nExecStart=%s\n[X-Fleet]\nOnLost=keep\n%s\n".formatted(command, more));
    }

    private static UnitFile global(String command) {
        return text(command, "Global=true");
    }

    @BeforeEach
    void one_on_each_machine_and_one_on_some() throws IOException, InterruptedException {
        cluster = ThreeMachines.start(directory, Map.of());
        fleet = cluster.fleet();
        fleet.createUnit(EVERYWHERE, global("/bin/sleep 7"), JobState.LAUNCHED);
        fleet.createUnit(ALONE, text("/bin/sleep 7", ""), JobState.LAUNCHED);
        eventually()
                .until(() ->
                        fleet.listStates().stream()
                                        .filter(state -> "healthy".equals(state.health()))
                                        .count()
                                == 4);
    }

    @AfterEach
    void none() throws InterruptedException {
        if (cluster != null) {
            cluster.close();
        }
    }

    private RolloutBody begin(String unit, UnitFile text) {
        return fleet.rollOut(
                new RolloutRequest(unit, UnitOption.of(text), null, 300L, 20_000L, null, false));
    }

    private String phase(String unit) {
        return fleet.rollout(unit).map(RolloutBody::phase).orElse("none");
    }

    private List<Member> members(String unit) {
        return Objects.requireNonNull(fleet.rollout(unit).orElseThrow().units());
    }

    private List<String> texts(String unit) {
        return members(unit).stream().map(Member::text).toList();
    }

    private List<Integer> starts() {
        return cluster.machines().stream().map(each -> each.init().starts(EVERYWHERE)).toList();
    }

    @Test
    void a_global_unit_gets_a_good_text_on_one_machine_after_another() {
        begin(EVERYWHERE, global("/bin/sleep 8"));

        eventually().until(() -> phase(EVERYWHERE).equals("done"));

        assertThat(texts(EVERYWHERE)).containsExactly("new", "new", "new");
        assertThat(members(EVERYWHERE)).extracting(Member::machineID).doesNotHaveDuplicates();
        assertThat(members(EVERYWHERE)).extracting(Member::health).containsOnly("healthy");
        assertThat(starts()).containsExactly(2, 2, 2);

        fleet.steerRollout(EVERYWHERE, "undo");

        eventually().until(() -> phase(EVERYWHERE).equals("undone"));
        assertThat(texts(EVERYWHERE)).containsExactly("old", "old", "old");
        assertThat(starts()).containsExactly(3, 3, 3);
    }

    @Test
    void a_bad_text_comes_to_one_machine_only_and_goes_back_by_itself() {
        begin(EVERYWHERE, global("/bin/false"));

        eventually().until(() -> phase(EVERYWHERE).equals("undone"));

        assertThat(fleet.rollout(EVERYWHERE).orElseThrow().reason())
                .startsWith("node.service on ")
                .endsWith("failed (exit-code)");
        assertThat(texts(EVERYWHERE)).containsExactly("old", "old", "old");
        assertThat(starts().stream().filter(count -> count == 1)).hasSize(2);
    }

    @Test
    void history_says_who_began_steered_and_undid_it_and_how_it_ended() {
        RolloutBody begun = begin(EVERYWHERE, global("/bin/sleep 8"));
        fleet.steerRollout(EVERYWHERE, "pause");
        fleet.steerRollout(EVERYWHERE, "resume");
        eventually().until(() -> phase(EVERYWHERE).equals("done"));
        fleet.steerRollout(EVERYWHERE, "undo");
        eventually().until(() -> phase(EVERYWHERE).equals("undone"));

        List<DeedBody> lines =
                fleet
                        .history(EVERYWHERE, Period.ALL, Optional.empty())
                        .orElseThrow()
                        .lines()
                        .stream()
                        .filter(line -> line.what().startsWith("rollout"))
                        .toList();

        String user = System.getProperty("user.name");
        assertThat(lines)
                .extracting(DeedBody::what, DeedBody::user, DeedBody::hash)
                .containsExactly(
                        tuple("rollout-begun", user, begun.hash()),
                        tuple("rollout-paused", user, begun.hash()),
                        tuple("rollout-resumed", user, begun.hash()),
                        tuple("rollout-done", null, begun.hash()),
                        tuple("rollout-undoing", user, begun.hash()),
                        tuple("rollout-undone", null, begun.hash()));
    }

    @Test
    void a_unit_on_one_machine_gets_a_good_text_and_keeps_its_old_one_from_a_bad_one() {
        begin(ALONE, text("/bin/sleep 8", ""));
        eventually().until(() -> phase(ALONE).equals("done"));
        assertThat(texts(ALONE)).containsExactly("new");

        begin(ALONE, text("/bin/false", ""));
        eventually().until(() -> phase(ALONE).equals("undone"));

        assertThat(texts(ALONE)).containsExactly("old");
        eventually().until(() -> members(ALONE).getFirst().health().equals("healthy"));
    }

    @Test
    void to_become_global_or_not_is_no_rollout() {
        assertThatThrownBy(() -> begin(EVERYWHERE, text("/bin/sleep 8", "")))
                .isInstanceOf(FleetException.class)
                .hasMessageContaining("change it with 'start --replace'");
        assertThat(fleet.rollouts()).isEmpty();
    }
}
