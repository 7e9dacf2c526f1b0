package flotilla.store.apply.mvcc;

import flotilla.protocol.KeyValue;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RangeRequest.SortOrder;
import flotilla.protocol.RangeRequest.SortTarget;
import flotilla.protocol.RangeResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Answers a range request as etcd does, quirks included: with a sort order or a revision filter
 * everything is fetched, filtered, sorted and then cut; a sort target other than the key without an
 * order sorts ascending, but only what the limit let through; the count knows neither filter nor
 * limit.
 */
public final class RangeQuery {
    private RangeQuery() {}

    /**
     * Throws {@link flotilla.store.apply.refusal.EtcdException} FUTURE_REVISION or COMPACTED.
     *
     * @return the answer, its header holding the reader's revision
     */
    public static RangeResponse answer(MvccReader reader, RangeRequest request) {
        reader.checkRevision(request.getRevision());
        KeyRange range = KeyRange.of(request.getKey(), request.getRangeEnd());
        MvccReader.Found found = reader.range(range, request.getRevision(), fetchLimit(request));
        RangeResponse.Builder response =
                RangeResponse.newBuilder()
                        .setHeader(MvccWriter.header(reader.revision()))
                        .setCount(found.count());
        if (request.getCountOnly()) {
            return response.build();
        }
        List<KeyValue> kvs = sort(filter(found.kvs(), request), request);
        if (request.getLimit() > 0 && kvs.size() > request.getLimit()) {
            kvs = kvs.subList(0, (int) request.getLimit());
            response.setMore(true);
        }
        for (KeyValue kv : kvs) {
            response.addKvs(request.getKeysOnly() ? kv.toBuilder().clearValue().build() : kv);
        }
        return response.build();
    }

    /** One more than asked for, to know whether there are more. */
    private static long fetchLimit(RangeRequest request) {
        if (request.getCountOnly()) {
            return 0;
        }
        boolean inKeyOrder =
                request.getSortOrder() == SortOrder.NONE
                        || (request.getSortOrder() == SortOrder.ASCEND
                                && request.getSortTarget() == SortTarget.KEY);
        boolean whole = request.getLimit() <= 0 || !inKeyOrder || hasFilter(request);
        return whole ? Long.MAX_VALUE : Math.min(request.getLimit(), Integer.MAX_VALUE) + 1;
    }

    private static boolean hasFilter(RangeRequest request) {
        return request.getMinModRevision() != 0
                || request.getMaxModRevision() != 0
                || request.getMinCreateRevision() != 0
                || request.getMaxCreateRevision() != 0;
    }

    private static List<KeyValue> filter(List<KeyValue> kvs, RangeRequest request) {
        if (!hasFilter(request)) {
            return kvs;
        }
        return kvs.stream().filter(kv -> passes(kv, request)).toList();
    }

    private static boolean passes(KeyValue kv, RangeRequest request) {
        return isWithin(
                        kv.getModRevision(),
                        request.getMinModRevision(),
                        request.getMaxModRevision())
                && isWithin(
                        kv.getCreateRevision(),
                        request.getMinCreateRevision(),
                        request.getMaxCreateRevision());
    }

    private static boolean isWithin(long value, long min, long max) {
        return (min == 0 || value >= min) && (max == 0 || value <= max);
    }

    private static List<KeyValue> sort(List<KeyValue> kvs, RangeRequest request) {
        SortOrder order = request.getSortOrder();
        SortTarget target = request.getSortTarget();
        boolean asFound = target == SortTarget.KEY && order != SortOrder.DESCEND;
        if (asFound || kvs.size() < 2) {
            return kvs;
        }
        Comparator<KeyValue> comparator = by(target);
        List<KeyValue> sorted = new ArrayList<>(kvs);
        sorted.sort(order == SortOrder.DESCEND ? comparator.reversed() : comparator);
        return sorted;
    }

    private static Comparator<KeyValue> by(SortTarget target) {
        return switch (target) {
            case KEY, UNRECOGNIZED -> Comparator.comparing(KeyValue::getKey, KeyRange.ORDER);
            case VERSION -> Comparator.comparingLong(KeyValue::getVersion);
            case CREATE -> Comparator.comparingLong(KeyValue::getCreateRevision);
            case MOD -> Comparator.comparingLong(KeyValue::getModRevision);
            case VALUE -> Comparator.comparing(KeyValue::getValue, KeyRange.ORDER);
        };
    }
}
