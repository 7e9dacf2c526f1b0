package flotilla.conformance.history;

/** What happens to real members. */
enum Fault {
    /** SIGKILL to one. */
    KILL,
    /** SIGKILL to all at once. */
    KILL_ALL,
    /** SIGSTOP to one, for a while; what others say to it waits in its sockets. */
    PAUSE,
    /** One doesn't reach the others, nor they it. */
    CUT,
    /** The others don't hear one, which hears them. */
    CUT_ONE_WAY,
    /** One's disk has no room left. */
    FULL_DISK
}
