package flotilla.fleet.agent;

/**
 * A unit that this machine's init has from fleet.
 *
 * @param hash of the text that was written
 */
public record Held(String hash, Phase phase) {
    /** How far fleet has brought it; what the init makes of it is another matter. */
    public enum Phase {
        LOADED,
        LAUNCHED,
        /** Being stopped, to be removed then; nothing else is done to it meanwhile. */
        UNLOADING
    }

    public Held in(Phase other) {
        return new Held(hash, other);
    }
}
