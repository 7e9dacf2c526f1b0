package flotilla.sim.model;

import java.util.List;

/** What the store says. */
public sealed interface Answer {
    /**
     * Something was written, or could have been.
     *
     * @param revision the store's, from then on
     */
    record Written(long revision) implements Answer {}

    record Deleted(long revision, long keys) implements Answer {}

    /**
     * @param revision the store's, which is not the one that was asked for
     */
    record Got(long revision, List<Item> items) implements Answer {
        public Got {
            items = List.copyOf(items);
        }
    }

    record Decided(long revision, boolean succeeded, List<Answer> answers) implements Answer {
        public Decided {
            answers = List.copyOf(answers);
        }
    }

    /** Nothing was done. */
    record Refused(Why why) implements Answer {}

    /** etcd's reasons. */
    enum Why {
        COMPACTED,
        FUTURE_REVISION,
        LEASE_NOT_FOUND,
        LEASE_EXISTS,
        /** Any other: not by this model. */
        OTHER
    }

    /** A key as it is at some revision. */
    record Item(String key, String value, long created, long modified, long version, long lease) {}
}
