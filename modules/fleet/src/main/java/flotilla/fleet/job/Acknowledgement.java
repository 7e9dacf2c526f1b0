package flotilla.fleet.job;

/**
 * How far a machine has come with what it was last told of a unit.
 *
 * @param placement revision of the placement that it answers; it says nothing of a later one
 * @param generation of the assignment that is carried out
 * @param released whether the unit has stopped there and its file is gone: another machine may have
 *     it
 */
public record Acknowledgement(long placement, long generation, boolean released) {}
