package flotilla.sim.fleet;

/** What may happen to a fleet, and must be survived. */
enum Trouble {
    /** A machine's power fails. */
    POWER_CUT,
    /** A daemon ends; its units go on. */
    KILL,
    /** A daemon stands still (SIGSTOP); its units go on. */
    PAUSE,
    /** Nothing of a machine moves. */
    FREEZE,
    /** A machine's way to the store is cut, one way or both. */
    CUT_OFF,
    /** A machine's way takes many times longer. */
    SLOW_WAY,
    /** A clock goes too fast or too slow from now on. */
    CLOCK,
    /** A machine leaves in order, and comes back. */
    LEAVE,
    /** The store has no leader for a while, then a new one. */
    STORE_AWAY,
    /** The store forgets its history. */
    COMPACTION,
    /** A machine's watches break. */
    BROKEN_WATCH,
    /** A unit ends by itself. */
    UNIT_DIES,
    /** Somebody removes a unit's file. */
    FILE_REMOVED,
    /** A key is, for a while, of a version that nobody else reads. */
    UNREADABLE
}
