package flotilla.sim;

/** What may go wrong, and must be survived. */
enum Fault {
    /** A process ends; the system has what it wrote. */
    KILL,
    /** A machine's power fails; what was not synced is lost, or any part of it. */
    POWER_CUT,
    /** All machines' power fails. */
    BLACKOUT,
    /** For a while, a process ends before one in so many operations on its disk. */
    CRASHES_AT_THE_DISK,
    /** Nothing of a machine moves for a while. */
    STANDSTILL,
    /** A member is cut off from all others, one way or both. */
    CUT_OFF,
    /** Two groups don't hear each other. */
    SPLIT,
    /** One link is cut, one way or both. */
    CUT_LINK,
    /** A disk takes many times longer. */
    SLOW_DISK,
    /** What must be read from a disk comes after an election timeout. */
    SLOW_READING,
    FULL_DISK,
    /** A process ends, and a bit of its log is another when it starts again. */
    FLIPPED_BIT,
    /** A checkpoint is damaged. */
    DAMAGED_CHECKPOINT,
    /** A sync fails. */
    FAILED_SYNC,
    /** A clock goes too fast or too slow from now on. */
    CLOCK,
    /** Somebody wants another leader. */
    HAND_OVER,
    /** The network loses, doubles and delays much. */
    STORM
}
