package flotilla.fleet.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever happens in whatever order: after each event the board says what {@link PlainScheduler}
 * works out from scratch of the same units and machines, with each unit where it was before.
 */
class BoardTest {
    private static final int SEEDS = 100;
    private static final int EVENTS = 100;

    @ParameterizedTest
    @EnumSource
    void after_each_event_it_says_what_is_worked_out_from_scratch(Fleet.Kind kind) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Fleet fleet = new Fleet(seed, kind);
            for (int event = 0; event < EVENTS; event++) {
                Map<String, String> before = where(fleet);
                String when = happens(fleet, seed, event);
                PlainScheduler.Answer expected =
                        PlainScheduler.place(fleet.tasks(), fleet.machines(), fleet.homes());

                Set<String> moved = fleet.board.settle();

                assertThat(where(fleet)).as(when).isEqualTo(where(expected));
                assertThat(moved).as(when).containsAll(differing(before, where(fleet)));
                choices(fleet, expected, when);
                fleet.settled();
            }
        }
    }

    @Test
    void a_unit_that_can_not_come_to_a_machine_after_all_stays_where_it_still_is() {
        Board board = new Board();
        List.of("m1", "m2", "m3").forEach(id -> board.put(machine(id, "a")));
        board.put(Tasks.placed("b.service", "m2", "Conflicts=c.service"));
        board.put(Tasks.placed("c.service", "m2", "MachineMetadata=zone=a"));
        board.put(Tasks.placed("d.service", "m2", "Memory=100M"));
        board.settle();
        assertThat(place(board, "c.service")).isEqualTo("m1");
        board.removeUnit("b.service");
        board.settle();
        assertThat(place(board, "c.service")).as("does not turn back by itself").isEqualTo("m1");

        board.put(machine("m1", "b"));
        board.settle();

        assertThat(place(board, "c.service")).as("though m3 is free").isEqualTo("m2");
    }

    private static Machine machine(String id, String zone) {
        Capacity capacity = new Capacity(1L << 30, 2000);
        return new Machine(id, "", "", Map.of("zone", zone), capacity, "");
    }

    private static String place(Board board, String unit) {
        return board.schedule().placement(unit).orElseThrow().machineId();
    }

    @ParameterizedTest
    @EnumSource
    void it_equals_one_that_is_made_of_the_same_facts(Fleet.Kind kind) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Fleet fleet = new Fleet(seed, kind);
            for (int event = 0; event < EVENTS; event++) {
                String when = happens(fleet, seed, event);
                settle(fleet);

                Board rebuilt = new Board();
                fleet.tasks().forEach(rebuilt::put);
                fleet.machines().forEach(rebuilt::put);
                rebuilt.settle();

                assertThat(where(rebuilt.schedule(), fleet)).as(when).isEqualTo(where(fleet));
                for (Task task : fleet.tasks()) {
                    assertThat(rebuilt.schedule().refusals(task.name()))
                            .as(when)
                            .isEqualTo(fleet.board.schedule().refusals(task.name()));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void to_settle_a_settled_board_changes_nothing(Fleet.Kind kind) {
        Fleet fleet = new Fleet(1, kind);
        for (int event = 0; event < EVENTS; event++) {
            String when = happens(fleet, 1, event);
            settle(fleet);
            Map<String, String> settled = where(fleet);
            fleet.tasks().forEach(task -> confirm(fleet, task));
            fleet.machines().forEach(fleet.board::put);

            assertThat(fleet.board.settle()).as(when).isEmpty();
            assertThat(where(fleet)).as(when).isEqualTo(settled);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_same_events_give_the_same_decisions(Fleet.Kind kind) {
        assertThat(story(kind)).isEqualTo(story(kind));
    }

    private static List<String> story(Fleet.Kind kind) {
        Fleet fleet = new Fleet(7, kind);
        List<String> story = new ArrayList<>();
        for (int event = 0; event < EVENTS; event++) {
            fleet.something();
            story.add(new TreeSet<>(fleet.board.settle()) + " " + where(fleet));
            fleet.tasks()
                    .forEach(task ->
                            fleet.board
                                    .schedule()
                                    .placement(task.name())
                                    .ifPresent(place -> story.add(place.toString())));
            fleet.settled();
        }
        return story;
    }

    /** Drains go on as long as units move. */
    private static void settle(Fleet fleet) {
        int times = 0;
        while (!fleet.board.settle().isEmpty()) {
            assertThat(++times).as("comes to an end").isLessThan(20);
        }
        fleet.settled();
    }

    private static String happens(Fleet fleet, int seed, int event) {
        int together = 1 + (seed + event) % 3;
        StringBuilder when = new StringBuilder("seed " + seed + ", event " + event);
        for (int i = 0; i < together; i++) {
            fleet.something();
            when.append(System.lineSeparator()).append(fleet.last());
        }
        return when.toString();
    }

    /** The facts say what the board said. */
    private static void confirm(Fleet fleet, Task task) {
        if (!task.requirements().global()) {
            fleet.board
                    .schedule()
                    .placement(task.name())
                    .ifPresent(place -> fleet.board.put(Fleet.with(task, place.machineId())));
        }
    }

    /** How many machines there were to choose from; why a unit left may be known since long. */
    private static void choices(Fleet fleet, PlainScheduler.Answer expected, String when) {
        expected.placed()
                .forEach((unit, place) -> {
                    String reason = place.reason();
                    if (reason.contains("best of") || reason.contains("one machine that fits")) {
                        assertThat(fleet.board.schedule().placement(unit).orElseThrow().reason())
                                .as(when)
                                .endsWith(reason.substring(reason.lastIndexOf(';') + 1));
                    }
                });
    }

    private static Map<String, String> where(PlainScheduler.Answer answer) {
        Map<String, String> where = new TreeMap<>();
        answer.placed().forEach((unit, place) -> where.put(unit, place.machineId()));
        answer.global().forEach((unit, machines) -> where.put(unit, machines.toString()));
        where.values().removeIf("[]"::equals);
        return where;
    }

    private static Map<String, String> where(Fleet fleet) {
        return where(fleet.board.schedule(), fleet);
    }

    private static Map<String, String> where(Schedule schedule, Fleet fleet) {
        Map<String, String> where = new TreeMap<>();
        for (Task task : fleet.tasks()) {
            if (task.requirements().global()) {
                where.put(task.name(), new TreeSet<>(schedule.machines(task.name())).toString());
            } else {
                schedule.placement(task.name())
                        .ifPresent(place -> where.put(task.name(), place.machineId()));
            }
        }
        where.values().removeIf("[]"::equals);
        return where;
    }

    private static Set<String> differing(Map<String, String> one, Map<String, String> other) {
        Set<String> names = new TreeSet<>(one.keySet());
        names.addAll(other.keySet());
        names.removeIf(name -> one.getOrDefault(name, "").equals(other.getOrDefault(name, "")));
        return names;
    }
}
