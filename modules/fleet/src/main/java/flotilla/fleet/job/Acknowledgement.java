package flotilla.fleet.job;

/**
 * How far a machine has come with what it was last told of a unit.
 *
 * @param placement revision of the placement that it answers; it says nothing of a later one
 * @param generation of the assignment that is carried out
 * @param released whether the unit has stopped there and its file is gone: another machine may have
 *     it
 * @param health how the unit fares since
 */
public record Acknowledgement(long placement, long generation, boolean released, Health health) {
    /** Of a unit of which no more is known. */
    public Acknowledgement(long placement, long generation, boolean released) {
        this(placement, generation, released, Health.UNKNOWN);
    }
}
