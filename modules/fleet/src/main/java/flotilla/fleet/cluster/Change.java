package flotilla.fleet.cluster;

/** What happened to a key. */
public sealed interface Change {
    record Put(Entry entry, long revision) implements Change {}

    record Removed(Key key) implements Change {}
}
