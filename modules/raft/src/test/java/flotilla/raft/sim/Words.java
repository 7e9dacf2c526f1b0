package flotilla.raft.sim;

import flotilla.raft.Outcome;
import flotilla.raft.Ready;
import flotilla.raft.Standing;
import flotilla.raft.Status;
import flotilla.raft.log.Entry;
import flotilla.raft.members.ConfState;
import flotilla.raft.message.Message;
import flotilla.raft.message.Span;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a core does, in the words of a transcript. */
final class Words {
    private Words() {}

    static List<String> of(Ready ready) {
        List<String> lines = new ArrayList<>();
        if (ready.standing() != null) {
            lines.add(of(ready.standing()));
        }
        ready.outcomes().forEach(outcome -> lines.add(of(outcome)));
        if (ready.install() != null) {
            lines.add(
                    "installs snapshot " + ready.install().index() + "/" + ready.install().term());
        }
        if (ready.sync()) {
            lines.add("write %d: %s".formatted(ready.write(), stored(ready)));
        }
        ready.snapshots()
                .forEach(order ->
                        lines.add(
                                "orders a snapshot for %d, at %d or later"
                                        .formatted(order.to(), order.atLeast())));
        if (ready.committed() != null) {
            lines.add(
                    "may apply %d..%d"
                            .formatted(ready.committed().first(), ready.committed().last()));
        }
        ready.reads()
                .forEach(
                        read -> lines.add("read %d from %d on".formatted(read.id(), read.index())));
        ready.refusedReads().forEach(id -> lines.add("read %d refused".formatted(id)));
        return lines;
    }

    private static String stored(Ready ready) {
        List<String> parts = new ArrayList<>();
        ready.entries().forEach(entry -> parts.add(of(entry)));
        if (ready.hardState() != null) {
            parts.add(
                    "term %d, vote %d, commit %d"
                            .formatted(
                                    ready.hardState().term(),
                                    ready.hardState().vote(),
                                    ready.hardState().commit()));
        }
        return String.join("; ", parts);
    }

    static String of(Entry entry) {
        String data =
                switch (entry.kind()) {
                    case NORMAL -> new String(entry.data(), StandardCharsets.UTF_8);
                    case CONF_CHANGE, CONF_CHANGE_V2 ->
                            entry.bytes() == 0 ? "leave joint" : "change";
                };
        return "%d/%d%s".formatted(entry.index(), entry.term(), data.isEmpty() ? "" : " " + data);
    }

    private static String of(Standing standing) {
        String kind = standing.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
        String leader =
                standing.kind() != Standing.Kind.FOLLOWER
                        ? ""
                        : standing.leader() == 0 ? " of nobody" : " of " + standing.leader();
        return "%s%s in term %d".formatted(kind, leader, standing.term());
    }

    private static String of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Appended(long first, long last, long term) ->
                    "appended %d..%d/%d".formatted(first, last, term);
            case Outcome.Started _ -> "transfer begun";
            case Outcome.Refused(Outcome.Why why, _, String detail) ->
                    "refused, " + why + ": " + detail;
        };
    }

    static String of(Message message) {
        return switch (message) {
            case Message.Append a ->
                    "append %s, commit %d".formatted(of(a.span(), a.entries()), a.commit());
            case Message.Accepted a ->
                    "accepted up to %d, knows commit %d".formatted(a.match(), a.commit());
            case Message.Rejected r ->
                    "rejected after %d, perhaps after %d/%d"
                            .formatted(r.prevIndex(), r.hintIndex(), r.hintTerm());
            case Message.Heartbeat h ->
                    "heartbeat, commit %d, round %d".formatted(h.commit(), h.round());
            case Message.HeartbeatAnswer h ->
                    "heartbeat answer, round %d, knows commit %d".formatted(h.round(), h.commit());
            case Message.InstallSnapshot s ->
                    "snapshot %d/%d".formatted(s.mark().index(), s.mark().term());
            case Message.VoteRequest v ->
                    "%s in term %d? log ends at %d/%d"
                            .formatted(word(v.kind()), v.term(), v.last(), v.lastTerm());
            case Message.VoteAnswer v ->
                    "%s in term %d: %s"
                            .formatted(word(v.kind()), v.term(), v.granted() ? "yes" : "no");
            case Message.NewerTerm n -> "the term is " + n.term();
            case Message.TimeoutNow _ -> "stand for election now";
            case Message.TimeoutRefused _ -> "cannot stand for election";
            case Message.ReadRequest r -> "read " + r.id() + "?";
            case Message.ReadAnswer r -> "read %d: from %d on".formatted(r.id(), r.index());
            case Message.ReadRefused r -> "read " + r.id() + ": refused";
        };
    }

    private static String of(Span span, List<Entry> entries) {
        String what =
                entries.isEmpty()
                        ? "nothing"
                        : entries.stream().map(Words::of).collect(Collectors.joining("; "));
        return "after %d/%d: %s".formatted(span.prevIndex(), span.prevTerm(), what);
    }

    private static String word(Message.Ballot ballot) {
        return ballot.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String of(ModelMember member) {
        Status status = member.status();
        return "%d: %s; log %d..%d, on disk to %d, commit %d, applied %d; %s"
                .formatted(
                        status.id(),
                        of(status.standing()),
                        member.baseIndex() + 1,
                        status.last(),
                        status.stored(),
                        status.commit(),
                        status.applied(),
                        of(status.members()));
    }

    static String of(ConfState members) {
        String text = "voters " + members.voters();
        if (members.joint()) {
            text += " and " + members.votersOutgoing();
        }
        if (!members.learners().isEmpty()) {
            text += ", learners " + members.learners();
        }
        return members.learnersNext().isEmpty() ? text : text + ", then " + members.learnersNext();
    }
}
