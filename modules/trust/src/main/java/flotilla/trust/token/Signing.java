package flotilla.trust.token;

import java.util.Collection;

/**
 * Which machines have the authority's key: the members of the store that come first, three of them.
 * One would take with it, when it dies, that anybody is let in or renewed; and who is a member can
 * have all machines run anything already.
 */
public final class Signing {
    /** As many as bear the loss of two; each more is one more that can be robbed. */
    public static final int MACHINES = 3;

    private Signing() {}

    /**
     * @param who asks for the key
     * @param signing the machines that have it, and are in
     */
    public static boolean mayHave(Member who, Collection<Member> signing) {
        return who.role() == Role.MEMBER
                && !who.denied()
                && (signing.size() < MACHINES
                        || signing.stream()
                                .anyMatch(one -> one.machineId().equals(who.machineId())));
    }
}
