package flotilla.store.apply.mvcc;

import flotilla.protocol.Compare;
import flotilla.protocol.KeyValue;
import java.util.List;

/** The guards of a transaction. */
final class Compares {
    private Compares() {}

    static boolean hold(MvccReader reader, List<Compare> compares) {
        return compares.stream().allMatch(compare -> holds(reader, compare));
    }

    /** All keys of the range must satisfy it; a missing key counts as zeros and has no value. */
    private static boolean holds(MvccReader reader, Compare compare) {
        KeyRange range = KeyRange.of(compare.getKey(), compare.getRangeEnd());
        AllOf all = new AllOf(compare);
        reader.walk(range, 0, all);
        return all.any
                ? all.hold
                : compare.getTarget() != Compare.CompareTarget.VALUE
                        && holds(KeyValue.getDefaultInstance(), compare);
    }

    /** Looks at keys up to the first that does not satisfy it. */
    private static final class AllOf implements MvccReader.Visitor {
        private final Compare compare;
        private boolean any;
        private boolean hold = true;

        AllOf(Compare compare) {
            this.compare = compare;
        }

        @Override
        public boolean visit(Found found) {
            any = true;
            boolean value = compare.getTarget() == Compare.CompareTarget.VALUE;
            hold = holds(value ? found.whole() : found.bare(), compare);
            return hold;
        }
    }

    private static boolean holds(KeyValue kv, Compare compare) {
        int order =
                switch (compare.getTarget()) {
                    case VERSION -> Long.compare(kv.getVersion(), compare.getVersion());
                    case CREATE ->
                            Long.compare(kv.getCreateRevision(), compare.getCreateRevision());
                    case MOD -> Long.compare(kv.getModRevision(), compare.getModRevision());
                    case VALUE -> KeyRange.ORDER.compare(kv.getValue(), compare.getValue());
                    case LEASE -> Long.compare(kv.getLease(), compare.getLease());
                    case UNRECOGNIZED -> 0;
                };
        return switch (compare.getResult()) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case GREATER -> order > 0;
            case LESS -> order < 0;
            case UNRECOGNIZED -> true; // as etcd: what it doesn't know holds
        };
    }
}
