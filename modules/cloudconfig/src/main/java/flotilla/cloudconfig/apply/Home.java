package flotilla.cloudconfig.apply;

import java.util.OptionalInt;

/**
 * Where a user's own files are.
 *
 * @param path from the machine's /; it need not be there yet
 * @param uid the user's number; empty when the machine has no such account, and whoever owns the
 *     directory counts for it
 * @param gid of the group that new files there belong to
 */
record Home(String path, OptionalInt uid, OptionalInt gid) {
    /** Of a machine whose accounts are another host's. */
    static Home byName(String user) {
        return new Home("/home/" + user, OptionalInt.empty(), OptionalInt.empty());
    }
}
