package flotilla.fleet;

import static flotilla.fleet.ThreeMachines.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.fleet.api.DeedBody;
import flotilla.fleet.api.EventFilter;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import flotilla.fleet.api.HistoryBody;
import flotilla.fleet.api.HistoryBody.MomentBody;
import flotilla.fleet.api.Period;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.JobState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What ran where and who wanted it, asked of whole machines on the original etcd. */
@Timeout(120)
class WhatRanWhereTest {
    private static final String UNIT = "a.service";

    @TempDir private Path directory = Path.of("");
    private ThreeMachines cluster;
    private FleetClient fleet;

    @BeforeEach
    void a_unit_that_runs() throws IOException, InterruptedException {
        cluster = ThreeMachines.start(directory, Map.of());
        fleet = cluster.fleet();
        cluster.start(UNIT, "");
        eventually().until(() -> whats().contains("placed"));
    }

    @AfterEach
    void none() throws InterruptedException {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void it_is_told_who_asked_where_the_unit_came_and_why() {
        List<DeedBody> lines = lines();

        assertThat(whats()).containsExactly("submitted", "placed");
        DeedBody asked = lines.getFirst();
        assertThat(asked.user()).isEqualTo(System.getProperty("user.name"));
        assertThat(asked.askedMachineID()).isEqualTo("m1");
        assertThat(asked.desiredState()).isEqualTo("launched");
        DeedBody placed = lines.getLast();
        assertThat(placed.machineID()).isEqualTo(owner());
        assertThat(placed.reason()).isNotEmpty();
        assertThat(placed.user()).as("by the engine").isNull();
    }

    @Test
    void where_a_unit_ran_then_is_known_after_it_is_gone() {
        String owner = owner();
        Instant then = lines().getLast().instant();

        fleet.destroy(UNIT);

        eventually().until(() -> whats().contains("released"));
        assertThat(whats())
                .containsExactly("submitted", "placed", "destroyed", "withdrawn", "released");
        MomentBody ran = moment(then);
        assertThat(ran.desiredState()).isEqualTo("launched");
        assertThat(ran.machines())
                .singleElement()
                .satisfies(stay -> {
                    assertThat(stay.machineID()).isEqualTo(owner);
                    assertThat(stay.leaving()).isFalse();
                    assertThat(stay.since()).isEqualTo(then.toString());
                });
        assertThat(moment(Instant.now()).machines()).isEmpty();
        assertThat(moment(then.minusSeconds(60)).machines()).isEmpty();
    }

    @Test
    void a_move_is_told_with_both_machines_and_one_s_own_history_has_it() throws IOException {
        String owner = owner();
        fleet.setEligibility(owner, Eligibility.DRAINING);

        eventually().until(() -> whats().contains("moved"));

        DeedBody moved = lines().getLast();
        assertThat(moved.fromMachineID()).isEqualTo(owner);
        assertThat(moved.machineID()).isNotEqualTo(owner);
        List<DeedBody> ofMachine =
                fleet.history(new EventFilter(Set.of(), Set.of(), Set.of(owner)), Period.ALL, 100)
                        .lines();
        assertThat(ofMachine)
                .extracting(DeedBody::what)
                .containsSubsequence("joined", "placed", "drained", "withdrawn", "moved");
    }

    @Test
    void each_wish_has_a_line_and_one_that_was_granted_before_has_none() {
        fleet.setDesiredState(UNIT, JobState.LOADED);
        fleet.setDesiredState(UNIT, JobState.LOADED);
        fleet.restart(List.of(UNIT), false);
        fleet.setDesiredState(UNIT, JobState.INACTIVE);
        fleet.createUnit(UNIT, ThreeMachines.text("Other=1"), JobState.INACTIVE);
        fleet.destroy(UNIT);
        assertThat(fleet.destroy(UNIT)).isFalse();

        assertThat(lines().stream().filter(line -> line.user() != null).map(DeedBody::what))
                .containsExactly(
                        "submitted", "loaded", "restarted", "unloaded", "changed", "destroyed");
    }

    @Test
    void a_period_bounds_the_lines_and_not_what_is_known() {
        Instant placed = lines().getLast().instant();

        HistoryBody later =
                fleet.history(
                                UNIT,
                                new Period(Optional.of(placed.plusSeconds(1)), Optional.empty()),
                                Optional.of(placed))
                        .orElseThrow();

        assertThat(later.lines()).isEmpty();
        assertThat(Objects.requireNonNull(later.moment()).machines()).hasSize(1);
    }

    @Test
    void of_what_never_was_nothing_is_told() {
        assertThat(fleet.history("nosuch.service", Period.ALL, Optional.empty())).isEmpty();
        assertThatThrownBy(() ->
                        fleet.history(new EventFilter(Set.of(), Set.of(), Set.of()), Period.ALL, 0))
                .isInstanceOf(FleetException.class)
                .hasMessageContaining("between 1 and 1000");
    }

    private String owner() {
        return Objects.requireNonNull(fleet.unit(UNIT).orElseThrow().machineID());
    }

    private List<DeedBody> lines() {
        return fleet.history(UNIT, Period.ALL, Optional.empty()).orElseThrow().lines();
    }

    private List<String> whats() {
        return lines().stream().map(DeedBody::what).toList();
    }

    private MomentBody moment(Instant at) {
        return Objects.requireNonNull(
                fleet.history(UNIT, Period.ALL, Optional.of(at)).orElseThrow().moment());
    }
}
