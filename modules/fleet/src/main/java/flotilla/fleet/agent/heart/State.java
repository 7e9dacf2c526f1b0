package flotilla.fleet.agent.heart;

/**
 * Where a machine's heart is, and what leads on from there.
 *
 * <pre>
 * OUT         a moment has passed                                       -> GRANTING
 * GRANTING    there is a lease                                          -> FINDING
 * FINDING     nobody has the id, or this machine itself                 -> ANNOUNCING
 *             another machine has it: the lease is given back           -> OUT
 * ANNOUNCING  the key is written: the agent is told                     -> IN
 *             what was found has changed: the lease is given back       -> OUT
 * IN          the lease is lost: the agent is told                      -> GRANTING
 *             ... and the machine leaves                                -> OVER
 *             the daemon goes and comes back                            -> STAYING
 * STAYING     the key stands under a longer lease, or nobody knows      -> IN
 *             the lease is lost: the agent is told                      -> OUT
 * each        nobody answered, or the lease is lost: it is abandoned    -> OUT
 *             it is over                                                -> OVER
 * </pre>
 */
enum State {
    OUT,
    GRANTING,
    FINDING,
    ANNOUNCING,
    IN,
    STAYING,
    OVER
}
