package flotilla.store.log;

import java.util.OptionalInt;

/**
 * What a member's keys and their history come to, of one state of its.
 *
 * @param applied the log's last entry in that state: two of one entry are the same; 0 if not told
 * @param revision of that state
 * @param compactRevision how far it is compacted, -1 if it never was; hashes of different ones
 *     differ
 * @param hash etcd's HashKV up to the revision that was asked for; empty where this state doesn't
 *     have that, not yet or not any more
 */
public record StateHash(long applied, long revision, long compactRevision, OptionalInt hash) {}
