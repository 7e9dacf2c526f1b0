package flotilla.store.apply.mvcc;

import flotilla.protocol.KeyValue;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RangeRequest.SortOrder;
import flotilla.protocol.RangeRequest.SortTarget;
import flotilla.protocol.RangeResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Answers a range request as etcd does, quirks included: with a sort order or a revision filter
 * everything is looked at, filtered, sorted and then cut; a sort target other than the key without
 * an order sorts ascending, but only what the limit let through, and one more; the count knows
 * neither filter nor limit. Never holds more than it answers, and that one, and reads no value that
 * is neither answered nor sorted by.
 */
public final class RangeQuery implements MvccReader.Visitor {
    private final MvccReader reader;
    private final RangeRequest request;
    private final AnswerRoom room;
    private final long limit;
    private final boolean filters;

    /** Gathers what is answered. */
    private final Gathering gathering;

    /** Keys in the range. */
    private long count;

    /** Those of them that the filter lets through. */
    private long passed;

    /** Whether values are read as keys come by; otherwise when it is known which are answered. */
    private final boolean loadsEarly;

    private RangeQuery(MvccReader reader, RangeRequest request, AnswerRoom room) {
        this.reader = reader;
        this.request = request;
        this.room = room;
        this.limit = request.getLimit() <= 0 ? Integer.MAX_VALUE - 1 : request.getLimit();
        this.filters = hasFilter(request);
        boolean sorts =
                request.getSortTarget() != SortTarget.KEY
                        || request.getSortOrder() == SortOrder.DESCEND;
        this.loadsEarly = request.getSortTarget() == SortTarget.VALUE;
        if (!sorts) {
            this.gathering = new First(limit);
        } else if (request.getSortOrder() == SortOrder.NONE && !filters) {
            this.gathering = new FirstSorted(limit + 1, order(request));
        } else {
            this.gathering = new Best(limit, order(request));
        }
    }

    /**
     * Throws {@link flotilla.store.apply.refusal.EtcdException} FUTURE_REVISION or COMPACTED, or
     * what the room refuses with.
     *
     * @return the answer, its header holding the reader's revision
     */
    public static RangeResponse answer(MvccReader reader, RangeRequest request, AnswerRoom room) {
        reader.checkRevision(request.getRevision());
        RangeQuery query = new RangeQuery(reader, request, room);
        KeyRange range = KeyRange.of(request.getKey(), request.getRangeEnd());
        reader.walk(range, request.getRevision(), query);
        return query.answer();
    }

    private RangeResponse answer() {
        RangeResponse.Builder response =
                RangeResponse.newBuilder()
                        .setHeader(MvccWriter.header(reader.revision()))
                        .setCount(count);
        if (request.getCountOnly()) {
            return response.build();
        }
        List<Piece> pieces = gathering.inOrder();
        pieces = pieces.subList(0, (int) Math.min(pieces.size(), limit));
        return response.addAllKvs(finished(pieces)).setMore(passed > limit).build();
    }

    private List<KeyValue> finished(List<Piece> pieces) {
        if (request.getKeysOnly()) {
            return pieces.stream().map(piece -> withoutValue(piece.kv())).toList();
        }
        if (loadsEarly) {
            return pieces.stream().map(Piece::kv).toList();
        }
        KeyValue[] whole = new KeyValue[pieces.size()];
        new ValueScan(reader)
                .load(
                        pieces.stream().map(Piece::head).toList(),
                        (kv, i) -> {
                            room.giveBack(pieces.get(i).bytes());
                            room.take(AnswerRoom.bytes(kv));
                            whole[i] = kv;
                        });
        return Arrays.asList(whole);
    }

    private static KeyValue withoutValue(KeyValue kv) {
        return kv.getValue().isEmpty() ? kv : kv.toBuilder().clearValue().build();
    }

    @Override
    public boolean visit(Found found) {
        count++;
        if (request.getCountOnly() || !filters || passes(found.head())) {
            passed++;
            if (!request.getCountOnly() && !gathering.isFull()) {
                KeyValue kv = loadsEarly ? found.whole() : found.bare();
                gathering.add(new Piece(found.head(), kv), room);
            }
        }
        return true;
    }

    /**
     * One key of the answer.
     *
     * @param kv without its value, unless values are loaded early
     */
    private record Piece(KeyHead head, KeyValue kv) {
        long bytes() {
            return AnswerRoom.bytes(kv);
        }
    }

    /** What is kept of the keys that come by, in their order. */
    private sealed interface Gathering {
        /** Whether nothing that comes can change it any more. */
        boolean isFull();

        /** Takes what comes by, unless it is full. */
        void add(Piece piece, AnswerRoom room);

        List<Piece> inOrder();
    }

    /** The first that come. */
    private static final class First implements Gathering {
        private final long most;
        private final List<Piece> kept = new ArrayList<>();

        First(long most) {
            this.most = most;
        }

        @Override
        public boolean isFull() {
            return kept.size() >= most;
        }

        @Override
        public void add(Piece piece, AnswerRoom room) {
            room.take(piece.bytes());
            kept.add(piece);
        }

        @Override
        public List<Piece> inOrder() {
            return kept;
        }
    }

    /** The first that come, sorted. */
    private static final class FirstSorted implements Gathering {
        private final First first;
        private final Comparator<KeyValue> order;

        FirstSorted(long most, Comparator<KeyValue> order) {
            this.first = new First(most);
            this.order = order;
        }

        @Override
        public boolean isFull() {
            return first.isFull();
        }

        @Override
        public void add(Piece piece, AnswerRoom room) {
            first.add(piece, room);
        }

        @Override
        public List<Piece> inOrder() {
            return first.inOrder().stream().sorted(Comparator.comparing(Piece::kv, order)).toList();
        }
    }

    /** Those that come first once all are sorted; of equal ones the earlier. */
    private static final class Best implements Gathering {
        private record Ranked(Piece piece, long arrival) {}

        private final long most;
        private final Comparator<Ranked> order;

        /** The last of those kept is its head. */
        private final PriorityQueue<Ranked> kept;

        private long arrivals;

        Best(long most, Comparator<KeyValue> order) {
            this.most = most;
            this.order =
                    Comparator.comparing((Ranked ranked) -> ranked.piece().kv(), order)
                            .thenComparingLong(Ranked::arrival);
            this.kept = new PriorityQueue<>(this.order.reversed());
        }

        @Override
        public boolean isFull() {
            return false;
        }

        @Override
        public void add(Piece piece, AnswerRoom room) {
            Ranked ranked = new Ranked(piece, arrivals++);
            if (kept.size() >= most) {
                if (order.compare(ranked, kept.element()) > 0) {
                    return;
                }
                room.giveBack(kept.remove().piece().bytes());
            }
            room.take(piece.bytes());
            kept.add(ranked);
        }

        @Override
        public List<Piece> inOrder() {
            return kept.stream().sorted(order).map(Ranked::piece).toList();
        }
    }

    private static Comparator<KeyValue> order(RangeRequest request) {
        Comparator<KeyValue> ascending = by(request.getSortTarget());
        return request.getSortOrder() == SortOrder.DESCEND ? ascending.reversed() : ascending;
    }

    private static boolean hasFilter(RangeRequest request) {
        return request.getMinModRevision() != 0
                || request.getMaxModRevision() != 0
                || request.getMinCreateRevision() != 0
                || request.getMaxCreateRevision() != 0;
    }

    private boolean passes(KeyHead head) {
        return isWithin(head.at().main(), request.getMinModRevision(), request.getMaxModRevision())
                && isWithin(
                        head.createRevision(),
                        request.getMinCreateRevision(),
                        request.getMaxCreateRevision());
    }

    private static boolean isWithin(long value, long min, long max) {
        return (min == 0 || value >= min) && (max == 0 || value <= max);
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
