package flotilla.trust.token;

/** What a machine may be in the cluster. */
public enum Role {
    /** A member of the store: it may speak to other members as one of them. */
    MEMBER,
    /** It runs units, and asks the store as a client. */
    MACHINE
}
