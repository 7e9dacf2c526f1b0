package flotilla.raft;

import flotilla.raft.log.BrokenInvariant;
import flotilla.raft.log.Entry;
import flotilla.raft.message.Message;
import flotilla.raft.message.Message.Append;
import flotilla.raft.message.Message.Heartbeat;
import flotilla.raft.message.Message.InstallSnapshot;
import flotilla.raft.message.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a follower does with its leader's messages (thesis 3.5, 5.1), and asks of it (6.4). */
final class Followed {
    private final Member member;
    // Reads that the leader was asked about, and when. In the order of asking.
    private final Map<Long, Long> askedAt = new LinkedHashMap<>();

    Followed(Member member) {
        this.member = member;
    }

    void append(Append append) {
        Message.requireFilled(append);
        Span span = append.span();
        if (span.prevIndex() < member.commit) {
            // Old news. All up to the commit index agrees with any leader's log (scenario 19).
            accept(append.from(), member.commit);
        } else if (member.log.matches(span.prevIndex(), span.prevTerm())) {
            takeIn(append.entries());
            // Only what this message vouches for: behind it may stand another leader's (scenario
            // 17).
            member.commitTo(Math.min(append.commit(), span.lastIndex()));
            accept(append.from(), span.lastIndex());
        } else {
            long hint = member.log.lastWithTermAtMost(span.prevTerm(), span.prevIndex());
            member.out.answer(
                    new Message.Rejected(
                            member.id(),
                            append.from(),
                            member.term,
                            span.prevIndex(),
                            hint,
                            member.log.termAt(hint)));
        }
    }

    /** Adds what is new. What is there already stays: a message that comes late must not cut. */
    private void takeIn(List<Entry> entries) {
        int known = 0;
        while (known < entries.size()
                && member.log.matches(entries.get(known).index(), entries.get(known).term())) {
            known++;
        }
        if (known < entries.size() && entries.get(known).index() <= member.commit) {
            throw new BrokenInvariant(
                    "%s came in place of a committed entry, commit %d"
                            .formatted(entries.get(known), member.commit));
        }
        for (Entry entry : entries.subList(known, entries.size())) {
            member.append(entry);
        }
    }

    void heartbeat(Heartbeat heartbeat) {
        member.commitTo(heartbeat.commit());
        member.out.answer(
                new Message.HeartbeatAnswer(
                        member.id(),
                        heartbeat.from(),
                        member.term,
                        heartbeat.round(),
                        member.commit));
    }

    /** Takes a snapshot in place of the log, unless the log is as good (scenario 54). */
    void install(InstallSnapshot message) {
        long index = message.mark().index();
        if (index > member.commit && member.log.matches(index, message.mark().term())) {
            member.commitTo(index);
        } else if (index > member.commit) {
            member.log.restart(message.mark());
            member.out.install(message.mark());
            member.commit = index;
            member.installing = index;
            member.restartMembers(message.mark().members(), index);
        }
        accept(message.from(), member.commit);
    }

    private void accept(long leader, long match) {
        member.out.accepted(
                new Message.Accepted(member.id(), leader, member.term, match, member.commit));
    }

    /** Asks the leader for a read, if there is one and few enough wait. */
    void read(long id) {
        if (member.leader == 0 || askedAt.size() >= member.config.limits().reads()) {
            member.out.refuseRead(id);
            return;
        }
        askedAt.put(id, member.ticks);
        member.out.now(new Message.ReadRequest(member.id(), member.leader, id));
    }

    void readAnswered(Message.ReadAnswer answer) {
        if (askedAt.remove(answer.id()) != null) {
            member.out.read(new Ready.ReadPoint(answer.id(), answer.index()));
        }
    }

    void readRefused(long id) {
        if (askedAt.remove(id) != null) {
            member.out.refuseRead(id);
        }
    }

    /** Questions or answers may be lost: after an election timeout the asker hears that. */
    void refuseOldReads() {
        long since = member.ticks - member.config.timing().electionTicks();
        List<Long> old = new ArrayList<>();
        for (Map.Entry<Long, Long> asked : askedAt.entrySet()) {
            if (asked.getValue() > since) {
                break;
            }
            old.add(asked.getKey());
        }
        old.forEach(this::readRefused);
    }

    /** The leader asked is no longer the leader: the asker hears it at once (scenario 35). */
    void refuseReads() {
        askedAt.keySet().forEach(member.out::refuseRead);
        askedAt.clear();
    }
}
