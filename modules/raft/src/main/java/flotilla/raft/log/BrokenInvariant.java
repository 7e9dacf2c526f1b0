package flotilla.raft.log;

/**
 * What Raft rules out has happened: a bug, or a disk or a peer that lied. The member must stop, for
 * whatever it did next could break what others were promised.
 */
public final class BrokenInvariant extends IllegalStateException {
    public BrokenInvariant(String what) {
        super(what + ": this member must stop; keep its data directory for the report");
    }
}
