package flotilla.fleet.schedule;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Members of which the best comes first. One that has changed is put right at the price of a
 * logarithm, since each knows its place.
 */
final class Heap<T extends Heap.Member<T>> {
    private final List<T> members = new ArrayList<>();

    /** Is in one heap at a time. */
    abstract static class Member<T> {
        int at;

        abstract boolean isBetterThan(T other);
    }

    int size() {
        return members.size();
    }

    /** Fails when there is none. */
    T first() {
        return members.getFirst();
    }

    /** The best but the first; null when there is none. */
    @Nullable T second() {
        int size = members.size();
        if (size < 2) {
            return null;
        }
        T one = members.get(1);
        return size == 2 || one.isBetterThan(members.get(2)) ? one : members.get(2);
    }

    void add(T member) {
        member.at = members.size();
        members.add(member);
        rise(member);
    }

    /** It may be better or worse than it was. */
    void mend(T member) {
        rise(member);
        sink(member);
    }

    void remove(T member) {
        T last = members.removeLast();
        if (member.at < members.size()) {
            put(last, member.at);
            mend(last);
        }
    }

    private void rise(T member) {
        while (member.at > 0) {
            T above = members.get((member.at - 1) / 2);
            if (!member.isBetterThan(above)) {
                return;
            }
            swap(member, above);
        }
    }

    private void sink(T member) {
        while (true) {
            int below = 2 * member.at + 1;
            if (below >= members.size()) {
                return;
            }
            T best = members.get(below);
            if (below + 1 < members.size() && members.get(below + 1).isBetterThan(best)) {
                best = members.get(below + 1);
            }
            if (!best.isBetterThan(member)) {
                return;
            }
            swap(member, best);
        }
    }

    private void swap(T one, T other) {
        int at = one.at;
        put(one, other.at);
        put(other, at);
    }

    private void put(T member, int at) {
        members.set(at, member);
        member.at = at;
    }
}
