package flotilla.fleet;

import static flotilla.fleet.ThreeMachines.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.fleet.api.DefaultsBody;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import flotilla.fleet.api.PlanBody;
import flotilla.fleet.api.PlanBody.EffectBody;
import flotilla.fleet.api.PlanRequest;
import flotilla.fleet.api.ScoreBody;
import flotilla.fleet.api.UnitBody;
import flotilla.fleet.api.UnitOption;
import flotilla.fleet.api.WhyBody;
import flotilla.fleet.api.WhyBody.FindingBody;
import flotilla.fleet.api.WhyBody.StandingBody;
import flotilla.fleet.job.JobState;
import flotilla.units.UnitFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What would follow, asked over the API, and that nothing follows from the asking. */
@Timeout(120)
class PlanTest {
    @TempDir private Path directory = Path.of("");
    private ThreeMachines cluster;
    private FleetClient fleet;

    @BeforeEach
    void one_unit_that_runs() throws IOException, InterruptedException {
        cluster = ThreeMachines.start(directory, Map.of());
        fleet = cluster.fleet();
        cluster.start("a.service", "");
        eventually().until(() -> !machine().isEmpty());
    }

    @AfterEach
    void none() throws InterruptedException {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void the_loss_of_a_machine_is_told_before_it_happens_and_changes_nothing() {
        String home = machine();

        PlanBody plan = fleet.plan(asked(List.of(home), null, null));

        assertThat(plan.effects()).hasSize(1);
        EffectBody effect = plan.effects().getFirst();
        assertThat(effect.unit()).isEqualTo("a.service");
        assertThat(effect.from().getFirst().machineID()).isEqualTo(home);
        assertThat(effect.to().getFirst().machineID()).isNotEqualTo(home);
        assertThat(effect.scores())
                .extracting(ScoreBody::ranking)
                .containsExactly("instances", "load", "units");
        assertThat(Objects.requireNonNull(effect.next()).machineID())
                .isNotIn(home, effect.to().getFirst().machineID());
        assertThat(plan.settled()).isTrue();
        assertThat(machine()).isEqualTo(home);
    }

    @Test
    void what_is_not_there_is_named() {
        assertThatThrownBy(() -> fleet.plan(asked(List.of("nobody"), null, null)))
                .isInstanceOf(FleetException.class)
                .hasMessageContaining("machine nobody is not in the cluster");
        assertThatThrownBy(() -> fleet.plan(asked(null, List.of("no.service"), null)))
                .isInstanceOf(FleetException.class)
                .hasMessageContaining("unit no.service does not exist");
        UnitBody unit = new UnitBody("no.service", null, "launched", null, null);
        assertThatThrownBy(() -> fleet.plan(asked(null, null, List.of(unit))))
                .isInstanceOf(FleetException.class)
                .hasMessageContaining("unit no.service does not exist, and has no options");
    }

    @Test
    void units_that_do_not_say_are_placed_as_the_cluster_does_and_as_was_planned() {
        String home = machine();
        assertThat(fleet.defaults()).isEqualTo(new DefaultsBody("spread"));
        fleet.setDefaults(new DefaultsBody("pack"));
        UnitFile text = ThreeMachines.text("");
        UnitBody unit = new UnitBody("b.service", UnitOption.of(text), "launched", null, null);

        PlanBody plan = fleet.plan(asked(null, null, List.of(unit)));
        fleet.createUnit("b.service", text, JobState.LAUNCHED);

        EffectBody effect = plan.effects().getFirst();
        assertThat(effect.to().getFirst().machineID()).isEqualTo(home);
        assertThat(effect.scores())
                .extracting(ScoreBody::ranking)
                .containsExactly("free", "instances", "units");
        eventually()
                .until(() ->
                        fleet.unit("b.service")
                                .filter(its -> home.equals(its.machineID()))
                                .isPresent());
        assertThat(fleet.defaults()).isEqualTo(new DefaultsBody("pack"));
        assertThatThrownBy(() -> fleet.setDefaults(new DefaultsBody("stack")))
                .isInstanceOf(FleetException.class)
                .hasMessageContaining("placement is spread or pack, not \"stack\"");
    }

    @Test
    void a_unit_that_would_be_destroyed_stops() {
        PlanBody plan = fleet.plan(asked(null, List.of("a.service"), null));

        assertThat(plan.effects()).hasSize(1);
        assertThat(plan.effects().getFirst().verb()).isEqualTo("stop");
        assertThat(fleet.unit("a.service")).isPresent();
    }

    @Test
    void why_a_unit_is_where_it_is_is_told_of_each_machine_or_of_one() {
        String home = machine();

        WhyBody why = fleet.why("a.service", Optional.empty()).orElseThrow();
        WhyBody there = fleet.why("a.service", Optional.of(home)).orElseThrow();

        assertThat(why.desiredState()).isEqualTo("launched");
        assertThat(why.sentences().getFirst()).startsWith("it is on ");
        assertThat(why.machines()).hasSize(3).allMatch(StandingBody::fits);
        assertThat(why.machines().stream().filter(StandingBody::here))
                .extracting(StandingBody::machineID)
                .containsExactly(home);
        assertThat(there.machines()).hasSize(1);
        assertThat(there.machines().getFirst().findings())
                .contains(new FindingBody("Memory", null));
        assertThat(there.machines().getFirst().scores()).hasSize(3);
        assertThat(fleet.why("no.service", Optional.empty())).isEmpty();
        assertThat(fleet.why("a.service", Optional.of("nobody"))).isEmpty();
    }

    private static PlanRequest asked(
            @Nullable List<String> lose,
            @Nullable List<String> destroy,
            @Nullable List<UnitBody> units) {
        return new PlanRequest(lose, null, null, null, destroy, units);
    }

    /** That has the unit; empty while none has. */
    private String machine() {
        return fleet.unit("a.service")
                .map(unit -> Objects.requireNonNullElse(unit.machineID(), ""))
                .orElse("");
    }
}
