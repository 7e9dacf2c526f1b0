package flotilla.store.log.wal;

/** Whose log it is: both ids stand in each of its files. */
public record WalOwner(long member, long cluster) {
    @Override
    public String toString() {
        return "member %x of cluster %x".formatted(member, cluster);
    }
}
