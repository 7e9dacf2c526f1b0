package flotilla.store.apply.member;

import flotilla.protocol.Member;
import flotilla.raft.members.ConfState;
import flotilla.raft.members.Reconfiguration;
import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The members as of one applied entry, a value. The one place where they are kept: who decides is
 * the {@link ConfState}, who is a learner follows from it, and what is known of each stands beside
 * it, in the same atomic write as the data (raft.md scenario 52). Whoever falls out of the
 * configuration is gone for good: its id never returns, for its votes and promises of before would
 * (etcd's members_removed).
 */
public final class MemberBook {
    private final ConfState conf;
    private final NavigableMap<Long, Member> records;
    private final NavigableMap<Long, Integer> reads;
    private final NavigableSet<Long> removed;

    MemberBook(
            ConfState conf,
            NavigableMap<Long, Member> records,
            NavigableMap<Long, Integer> reads,
            NavigableSet<Long> removed) {
        this.conf = conf;
        this.records = records;
        this.reads = reads;
        this.removed = removed;
    }

    /** The members as a view of the state shows them. */
    public static MemberBook read(Backend.View view) {
        return MemberSpace.read(view);
    }

    /** Those of a new group. */
    public static MemberBook founded(ConfState conf, Collection<Member> members) {
        NavigableMap<Long, Member> records = new TreeMap<>(Long::compareUnsigned);
        members.forEach(member -> records.put(member.getID(), unflagged(member)));
        if (!records.keySet().equals(ids(conf))) {
            throw new IllegalArgumentException(
                    "the members %s are not those of %s".formatted(records.keySet(), conf));
        }
        return new MemberBook(
                conf,
                records,
                new TreeMap<>(Long::compareUnsigned),
                new TreeSet<>(Long::compareUnsigned));
    }

    public ConfState conf() {
        return conf;
    }

    /** Etcd's record of each member, by id. */
    public List<Member> members() {
        return records.values().stream().map(this::flagged).toList();
    }

    /** Those whose majority decides, by id; in a joint configuration those to come. */
    public List<Member> voters() {
        return members().stream().filter(member -> conf.voters().contains(member.getID())).toList();
    }

    public Optional<Member> find(long id) {
        return Optional.ofNullable(records.get(id)).map(this::flagged);
    }

    /** Up to which feature level all members' programs read; empty while one has not told. */
    public OptionalInt readByAll() {
        return reads.keySet().equals(records.keySet())
                ? reads.values().stream().mapToInt(Integer::intValue).min()
                : OptionalInt.empty();
    }

    public boolean isRemoved(long id) {
        return removed.contains(id);
    }

    /**
     * Whether a member has ever told of itself: it took part (etcd's isMemberBootstrapped). Its
     * name alone may have been given to it when the group was founded.
     */
    public boolean hasTakenPart(long id) {
        return find(id).filter(member -> member.getClientURLsCount() > 0).isPresent();
    }

    /**
     * With what a member told of itself: its name, client URLs, and up to which feature level its
     * program reads. Where it is reached and whether it votes is not its own to tell (etcd#21694).
     * Refused with MEMBER_NOT_FOUND for one that isn't one, or is no more.
     */
    public MemberBook withAttributes(Member told, int level) {
        Member known = records.get(told.getID());
        if (known == null) {
            throw new EtcdException(EtcdError.MEMBER_NOT_FOUND);
        }
        NavigableMap<Long, Member> next = new TreeMap<>(records);
        next.put(
                told.getID(),
                known.toBuilder()
                        .setName(told.getName())
                        .clearClientURLs()
                        .addAllClientURLs(told.getClientURLsList())
                        .build());
        NavigableMap<Long, Integer> nextReads = new TreeMap<>(reads);
        nextReads.put(told.getID(), level);
        return new MemberBook(conf, next, nextReads, removed);
    }

    /**
     * With a change. Every member refuses the same, in etcd's words: MEMBER_NOT_FOUND,
     * MEMBER_EXISTS, PEER_URL_EXISTS, BAD_MEMBER_URLS, MEMBER_NOT_LEARNER, TOO_MANY_LEARNERS, or
     * what the consensus core itself does not take.
     */
    public MemberBook after(MemberChange change) {
        NavigableMap<Long, Member> next = new TreeMap<>(records);
        change.wishes().forEach(wish -> take(next, wish));
        ConfState nextConf =
                switch (Reconfiguration.of(conf, change.change())) {
                    case Reconfiguration.Outcome.Changed(ConfState members) -> members;
                    case Reconfiguration.Outcome.Refused _ ->
                            throw new EtcdException(EtcdError.NOT_ENOUGH_STARTED_MEMBERS);
                };
        requireRoomForLearners(nextConf, change);
        NavigableSet<Long> gone = new TreeSet<>(removed);
        NavigableSet<Long> left = ids(nextConf);
        next.keySet().stream().filter(id -> !left.contains(id)).forEach(gone::add);
        next.keySet().removeAll(gone);
        NavigableMap<Long, Integer> nextReads = new TreeMap<>(reads);
        nextReads.keySet().removeAll(gone);
        return new MemberBook(nextConf, next, nextReads, gone);
    }

    private void take(NavigableMap<Long, Member> next, Wish wish) {
        if (removed.contains(wish.id())) {
            throw new EtcdException(EtcdError.MEMBER_NOT_FOUND);
        }
        Member known = next.get(wish.id());
        switch (wish) {
            case Wish.AddVoter(Member member) -> add(next, member);
            case Wish.AddLearner(Member member) -> add(next, member);
            case Wish.Remove _, Wish.Demote _ -> requireKnown(known);
            case Wish.Update(long id, List<String> peerUrls) -> {
                Member.Builder changed = requireKnown(known).toBuilder().clearPeerURLs();
                requireFree(next, id, peerUrls);
                next.put(id, changed.addAllPeerURLs(peerUrls).build());
            }
            case Wish.Promote(long id) -> {
                var _ = requireKnown(known);
                if (!conf.learners().contains(id)) {
                    throw new EtcdException(EtcdError.MEMBER_NOT_LEARNER);
                }
            }
        }
    }

    private static void add(NavigableMap<Long, Member> next, Member member) {
        if (next.containsKey(member.getID())) {
            throw new EtcdException(EtcdError.MEMBER_EXISTS);
        }
        requireFree(next, member.getID(), member.getPeerURLsList());
        next.put(member.getID(), unflagged(member));
    }

    private static Member requireKnown(@Nullable Member known) {
        if (known == null) {
            throw new EtcdException(EtcdError.MEMBER_NOT_FOUND);
        }
        return known;
    }

    /** An address belongs to one member, and each has one. */
    private static void requireFree(NavigableMap<Long, Member> next, long id, List<String> urls) {
        if (urls.isEmpty()) {
            throw new EtcdException(EtcdError.BAD_MEMBER_URLS);
        }
        boolean taken =
                next.values().stream()
                        .filter(other -> other.getID() != id)
                        .flatMap(other -> other.getPeerURLsList().stream())
                        .anyMatch(urls::contains);
        if (taken) {
            throw new EtcdException(EtcdError.PEER_URL_EXISTS);
        }
    }

    private static void requireRoomForLearners(ConfState next, MemberChange change) {
        int max = change.source().learnersMax();
        boolean adds = change.wishes().stream().anyMatch(Wish.AddLearner.class::isInstance);
        if (adds && max > 0 && next.learners().size() + next.learnersNext().size() > max) {
            throw new EtcdException(EtcdError.TOO_MANY_LEARNERS);
        }
    }

    /** What has to be written where {@code before} stands. */
    public List<Backend.Change> changesSince(MemberBook before) {
        List<Backend.Change> changes = new ArrayList<>();
        if (!conf.equals(before.conf)) {
            changes.add(MemberSpace.conf(conf));
        }
        records.forEach((id, member) -> {
            if (!member.equals(before.records.get(id))) {
                changes.add(MemberSpace.record(member));
            }
        });
        before.records.keySet().stream()
                .filter(id -> !records.containsKey(id))
                .forEach(id -> changes.add(MemberSpace.noRecord(id)));
        reads.forEach((id, level) -> {
            if (!level.equals(before.reads.get(id))) {
                changes.add(MemberSpace.reads(id, level));
            }
        });
        before.reads.keySet().stream()
                .filter(id -> !reads.containsKey(id))
                .forEach(id -> changes.add(MemberSpace.noReads(id)));
        removed.stream()
                .filter(id -> !before.removed.contains(id))
                .forEach(id -> changes.add(MemberSpace.removed(id)));
        return changes;
    }

    private Member flagged(Member member) {
        return conf.learners().contains(member.getID())
                ? member.toBuilder().setIsLearner(true).build()
                : member;
    }

    /** Who is a learner is said once, by the configuration. */
    private static Member unflagged(Member member) {
        return member.toBuilder().clearIsLearner().build();
    }

    private static NavigableSet<Long> ids(ConfState conf) {
        NavigableSet<Long> ids = new TreeSet<>(Long::compareUnsigned);
        Stream.of(conf.voters(), conf.learners(), conf.votersOutgoing()).forEach(ids::addAll);
        return ids;
    }
}
