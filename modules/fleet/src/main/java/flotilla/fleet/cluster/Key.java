package flotilla.fleet.cluster;

/** What a key of fleet's is about. */
public sealed interface Key {
    /** A unit and what is wanted of it. Written by the API. */
    record OfJob(String unit) implements Key {}

    /** The text of units, under its hash. Written by the API, collected by the engine. */
    record OfText(String hash) implements Key {}

    /** A machine that is there; under its lease. Written by the machine. */
    record OfMachine(String machineId) implements Key {}

    /** One item of metadata changed at run time; outlives the machine's lease. */
    record OfMetadata(String machineId, String name) implements Key {}

    /**
     * What a machine may be used for; outlives its lease. Written by the API; absent when ready.
     */
    record OfEligibility(String machineId) implements Key {}

    /** What holds for units that don't say. Written by the API; absent when nothing was said. */
    record OfDefaults() implements Key {}

    /** Which machine a unit belongs to. Written by the engine; global units have none. */
    record OfOwner(String unit) implements Key {}

    /** What one machine is told of one unit. Written by the engine. */
    record OfPlacement(String machineId, String unit) implements Key {}

    /** How far one machine is with that; under its lease. Written by the machine. */
    record OfAcknowledgement(String machineId, String unit) implements Key {}

    /** A unit that machines died of. Written by the engine. */
    record OfStrikes(String unit) implements Key {}

    /** What is remembered of a machine beyond its lease. Written and collected by the engine. */
    record OfSighting(String machineId) implements Key {}

    /** A machine that goes in order; under its lease. Written by the machine. */
    record OfLeaving(String machineId) implements Key {}

    /** A new text on its way to a set of units. Written by the API and by the engine. */
    record OfRollout(String set) implements Key {}

    /**
     * One line of history, which nothing is decided from. Written by who does what it tells of.
     *
     * @param subject {@code unit} or {@code machine}
     * @param name of that
     * @param line begins with the time, so that a subject's lines are in order
     */
    record OfHistory(String subject, String name, String line) implements Key {}

    /**
     * Of a kind that a later version added: as long as one is there nobody can tell what it refers
     * to.
     *
     * @param path below that of the cluster
     */
    record Unknown(String path) implements Key {}

    /** An image that the cluster keeps. Written by the API. */
    record OfImage(String name) implements Key {}

    /** Which images lie whole on one machine; under its lease. Written by the machine. */
    record OfHolding(String machineId) implements Key {}

    /** What one machine says of one unit; under its lease. Written by the machine. */
    record OfState(String machineId, String unit) implements Key {}
}
