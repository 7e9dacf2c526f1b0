package flotilla.sim.fleet;

import flotilla.sim.Line;

/**
 * Mistakes that an engine, an agent or a scheduler may hold, as one changed line each. Which were
 * tried and are not found: docs/internals/how-it-is-proved.md. Where a seed no longer shows its
 * bug, {@link FleetPlantedBugsTest} says which does.
 */
enum FleetPlantedBug {
    THE_FENCE_IS_NOT_WAITED_FOR(
            new Line(
                    "fleet/engine/Absences.java",
                    "surelyStopped ? since : since + fenceMillis(cluster, machine)",
                    "since"),
            7,
            "no unit runs twice"),
    A_WITHDRAWN_COPY_COUNTS_AS_GONE(
            new Line(
                    "fleet/engine/Departures.java",
                    ".filter(Acknowledgement::released)",
                    ".or(() -> Optional.of(new Acknowledgement(0, 1, true)))"),
            1,
            "no unit runs twice"),
    THE_AGENT_STARTS_BEFORE_ITS_FRESH_LISTING(
            new Line(
                    "fleet/agent/Tenure.java",
                    "return lease.isPresent() && !doubted && listed;",
                    "return lease.isPresent() && !doubted;"),
            709,
            "no unit runs twice"),
    THE_INIT_IS_NOT_TOLD_HOW_LONG_UNITS_MAY_RUN(
            new Line("fleet/agent/AgentMachine.java", "pass.addFirst(next);", ""),
            42,
            "no unit runs twice"),
    THE_KILL_COMES_TOO_LATE(
            new Line("fleet/agent/Fence.java", "millis * 17 / 10", "millis * 32 / 10"),
            33,
            "no unit runs twice"),
    A_RENEWAL_COUNTS_FROM_ITS_ANSWER(
            new Line(
                    "fleet/agent/Tenure.java",
                    "            sent(event.sentMillis());\n            doubted =",
                    "            sent(now);\n            doubted ="),
            744,
            "no unit runs twice"),
    TURNS_ARE_NOT_WAITED_FOR(
            new Line(
                    "fleet/engine/Turns.java",
                    "return new Answer(false, Optional.empty());",
                    "return new Answer(true, Optional.empty());"),
            2,
            "in their turns"),
    WHO_MACHINES_DIE_OF_DOES_NOT_WAIT(
            new Line(
                    "fleet/cluster/Scheduling.java",
                    "cluster.hold(unit, nowMillis).isPresent()",
                    "cluster.hold(unit, nowMillis).isPresent() && nowMillis < 0"),
            20,
            "a unit that machines die of waits"),
    A_MACHINE_MAY_BE_CORDONED_MEANWHILE(
            new Line(
                    "fleet/engine/Transaction.java",
                    "when(new Key.OfEligibility(to.machineId()), 0);",
                    ""),
            80,
            "no unit comes to a cordoned machine"),
    WHAT_LEAVES_IS_NOT_WAITED_FOR(
            new Line(
                    "fleet/engine/Reconciler.java",
                    "filter(decision -> !waits(decision))",
                    "filter(decision -> true)"),
            38,
            "what conflicts has gone before"),
    A_LATER_TEXT_COUNTS_OF_WHAT_LEAVES(
            new Line(
                    "fleet/engine/Departures.java",
                    "cluster.everyRequirements(other, machine);",
                    "cluster.requirements(other).stream().toList();"),
            139,
            "what conflicts has gone before"),
    A_TEXT_THAT_GIVES_WAY_IS_NOT_WAITED_FOR(
            new Line(
                    "fleet/engine/Reconciler.java",
                    "departures.isShunned(unit, machine)",
                    "machine.isEmpty()"),
            139,
            "what conflicts has gone before"),
    WHAT_A_MACHINE_WAS_TOLD_BEFORE_COUNTS_NO_MORE(
            new Line(
                    "fleet/engine/Transaction.java",
                    "assignment, nowMillis, others)",
                    "assignment, nowMillis)"),
            120,
            "what conflicts has gone before"),
    AN_EARLIER_START_ELSEWHERE_IS_NO_DEPARTURE(
            new Line(
                    "fleet/engine/Reconciler.java",
                    "departures.leaves(unit, from);\n                coming.add(",
                    "coming.add("),
            721,
            "what conflicts has gone before"),
    WHO_CAN_NOT_LEAVE_IS_NOT_WAITED_FOR(
            new Line("fleet/engine/Departures.java", "cluster.leftAlone()", "List.<String>of()"),
            128,
            "conflicting units are apart"),
    A_UNIT_STARTS_BESIDE_WHAT_HAS_YET_TO_GO(
            new Line("fleet/agent/UnitLife.java", "&& !pass.isHeldUp(name, init.shunned())", ""),
            13_059,
            "conflicting units are apart"),
    A_TEXT_COMES_BESIDE_A_COPY_OF_BEFORE(
            new Line(
                    "fleet/engine/Reconciler.java",
                    "if (wouldRunTwice(job.name(), machine)) {",
                    "if (machine.isEmpty()) {"),
            15_043,
            "no unit runs twice"),
    WHAT_THE_INIT_ENDED_ENDED_BY_ITSELF(
            new Line(
                    "fleet/agent/Held.java",
                    "phase == Phase.ENDED || permitted ?",
                    "phase != Phase.LOADED ?"),
            96,
            "no unit is lost"),
    A_UNIT_IS_GIVEN_UP_BEFORE_IT_HAS_STOPPED(
            new Line(
                    "fleet/agent/UnitLife.java",
                    "        begin(Work.Kind.UNLOAD, as, pass, reason);\n        note(as, pass);",
                    "        begin(Work.Kind.UNLOAD, as, pass, reason);\n        note(as, pass);\n        discard(pass);"),
            1,
            "who says that nothing is left"),
    TEXTS_GO_WHILE_SOMETHING_CAN_NOT_BE_READ(
            new Line("fleet/engine/Memory.java", "if (!cluster.hasUnreadable()) {", "if (true) {"),
            1,
            "a unit that waits has a reason"),
    WHAT_AN_EARLIER_DAEMON_WROTE_IS_NOT_READ(
            new Line(
                    "fleet/agent/Survey.java",
                    "this.reloadIsDue = !inherited.isEmpty();",
                    "this.reloadIsDue = false;"),
            26,
            "no unit is lost"),
    WHO_WAITS_FOR_A_TEXT_HAS_NO_TURN_WHEN_IT_COMES(
            new Line("fleet/agent/AgentMachine.java", "agenda.addAll(texts.waiting());", ""),
            1,
            "machines do what they are told"),
    A_UNIT_OF_WHICH_NOTHING_CAN_BE_READ_SAYS_NOTHING(
            new Line("fleet/engine/Departures.java", "? cluster.isLeftAlone(other)", "? false"),
            128,
            "conflicting units are apart"),
    A_ROLLOUT_GOES_TO_ALL_AT_ONCE(
            new Line(
                    "fleet/engine/Rollouts.java",
                    "give(known, waiting, rollout.policy().parallelism() - underWay);",
                    "give(known, waiting, waiting.size());"),
            48,
            "a rollout goes on as its policy says"),
    A_UNIT_COUNTS_AS_HEALTHY_AT_ONCE(
            new Line(
                    "fleet/engine/Recoveries.java",
                    "millis - sinceMillis >= policy.minHealthyMillis()",
                    "millis >= sinceMillis"),
            48,
            "a rollout goes on as its policy says"),
    HISTORY_DOES_NOT_SAY_WHEN(
            new Line("fleet/engine/Chronicle.java", "line.at(nowMillis)", "line.at(0)"),
            1,
            "the lines of history are in their order");

    private final String file;
    private final String right;
    private final String wrong;
    final long seed;
    final String breaks;

    /**
     * @param seed of a run that shows it
     * @param breaks the promise that it breaks there
     */
    FleetPlantedBug(Line line, long seed, String breaks) {
        this.file = line.file();
        this.right = line.right();
        this.wrong = line.wrong();
        this.seed = seed;
        this.breaks = breaks;
    }

    Line line() {
        return new Line(file, right, wrong);
    }
}
