package flotilla.client;

/**
 * What to watch.
 *
 * @param fromRevision first revision to see; 0 for whatever happens after the watch began
 * @param previous whether events carry the pair as it was before ({@code prev_kv})
 * @param progress whether an idle watch hears now and then how far it has come
 */
public record WatchSpec(KeyRange range, long fromRevision, boolean previous, boolean progress) {
    public WatchSpec {
        if (fromRevision < 0) {
            throw new IllegalArgumentException("revision " + fromRevision + " is negative");
        }
    }

    public static WatchSpec prefix(String prefix, long fromRevision) {
        return new WatchSpec(KeyRange.prefix(prefix), fromRevision, false, false);
    }

    public static WatchSpec key(String key, long fromRevision) {
        return new WatchSpec(KeyRange.key(key), fromRevision, false, false);
    }

    public WatchSpec withPrevious() {
        return new WatchSpec(range, fromRevision, true, progress);
    }

    public WatchSpec withProgress() {
        return new WatchSpec(range, fromRevision, previous, true);
    }
}
