package flotilla.raft.sim;

/**
 * Bugs that were made in practice (Kafka, etcd, Redpanda and others; each name says which), each as
 * one changed line.
 */
enum PlantedBug {
    // Votes.
    VOTE_SENT_BEFORE_IT_IS_STORED(
            "Outbox.java", "(durable ? now : afterWrite).addAll", "now.addAll"),
    VOTE_CLEARED_IN_THE_SAME_TERM("Member.java", "if (newTerm > term) {", "if (newTerm >= term) {"),
    OWN_VOTE_COUNTED_BEFORE_IT_IS_STORED(
            "Candidate.java",
            "if (before || member.writes.hold(member.term, member.id())) {",
            "if (true) {"),
    VOTE_REQUESTS_SENT_BEFORE_THE_STORE(
            "Elections.java",
            "toVoters(to -> member.out.afterWrite(request(to, member.term, why)));",
            "toVoters(to -> member.out.now(request(to, member.term, why)));"),
    VOTE_WITHOUT_LOOKING_AT_THE_LOG(
            "Elections.java",
            "boolean granted = free && upToDate(request);",
            "boolean granted = free;"),
    LENGTH_COMPARED_WITHOUT_THE_TERM(
            "Elections.java",
            "request.lastTerm() == lastTerm && request.last() >=",
            "request.last() >="),
    MAJORITY_ONE_TOO_SMALL(
            "quorum/Majority.java",
            "values[values.length - (values.length / 2 + 1)]",
            "values[values.length - Math.max(1, values.length / 2)]"),
    EVEN_MAJORITY_OF_VOTES_TOO_SMALL(
            "quorum/Majority.java",
            "int needed = voters.length / 2 + 1;",
            "int needed = (voters.length + 1) / 2;"),
    PRE_VOTES_COUNTED_AS_VOTES(
            "Candidate.java",
            "when before == (answer.kind() == Ballot.PRE_VOTE) ->",
            "when !before || answer.kind() == Ballot.PRE_VOTE ->"),
    ELECTED_THOUGH_MANY_REFUSED(
            "quorum/Majority.java", "case REFUSED -> {}", "case REFUSED -> granted++;"),

    // Commit.
    OLDER_TERM_COMMITTED_BY_COUNTING(
            "Leader.java",
            "if (reached > member.commit && member.log.termAt(reached) == member.term)",
            "if (reached > member.commit)"),
    LEADER_COUNTS_ITSELF_BEFORE_THE_STORE(
            "Leader.java",
            "peers.reached(member.writes.stable(),",
            "peers.reached(member.log.lastIndex(),"),
    HEARTBEAT_COMMITS_BEYOND_MATCH(
            "Peers.java", "Math.min(progress.match(), member.commit)", "member.commit"),
    ACCEPTED_BEFORE_THE_STORE("Outbox.java", "List.copyOf(afterWrite),", "List.of(),"),

    // Log.
    LATE_APPEND_CUTS_THE_LOG(
            "Followed.java",
            "int known = 0;",
            "int known = 0; if (known == 0) { entries.forEach(member::append); return; }"),
    COMPLETION_TAKEN_FOR_THE_PRESENT_LOG(
            "Writes.java", "stable = Math.min(stable, write.first - 1);", "stable = stable;"),
    FULL_WINDOW_NEVER_PROBES(
            "progress/Progress.java", "nudged |= match < lastIndex || state == State.PROBE;", ""),
    PREVIOUS_ENTRY_NOT_COMPARED(
            "Followed.java",
            "member.log.matches(span.prevIndex(), span.prevTerm())",
            "member.log.knows(span.prevIndex())"),

    // Members.
    OUTGOING_VOTERS_IGNORED_IN_COMMITS(
            "quorum/Quorum.java",
            "return Math.min(voters.reached(reached), outgoing.reached(reached));",
            "return voters.reached(reached);"),
    OUTGOING_VOTERS_IGNORED_IN_ELECTIONS(
            "quorum/Quorum.java", "if (one == two) {", "if (one != two || one == two) {"),
    TWO_CHANGES_IN_FLIGHT(
            "Proposals.java", "if (changeAt > member.applied) {", "if (changeAt < 0) {"),
    STANDS_WITH_AN_UNAPPLIED_CHANGE(
            "Member.java", "&& !log.changesMembers(applied + 1, commit)", ""),
    JOINT_CONFIGURATION_NEVER_LEFT("Proposals.java", "&& member.committedInTerm();", "&& false;"),
    SNAPSHOT_KEEPS_OWN_MEMBERS(
            "Followed.java", "member.restartMembers(message.mark().members(), index);", ""),

    // Reads.
    READ_BEFORE_THE_FIRST_COMMIT_OF_THE_TERM(
            "Reads.java",
            "|| waiting.isEmpty() || !member.committedInTerm()",
            "|| waiting.isEmpty()"),
    READ_WITHOUT_A_ROUND("Reads.java", "member.quorum().reached(answered) < round", "round < 0"),
    ROUND_CONFIRMED_BY_OLD_ANSWERS("Reads.java", "        round++;\n", "        round = 1;\n"),
    READ_ANSWERED_BEFORE_IT_IS_APPLIED(
            "Reads.java", "new Ready.ReadPoint(read.id, index)", "new Ready.ReadPoint(read.id, 0)"),

    // Leadership and snapshots.
    TRANSFER_NEVER_GIVEN_UP(
            "Handover.java", "if (underWay() && --ticksLeft <= 0) {", "if (false) {"),
    FAILED_TRANSFER_WAITED_FOR(
            "progress/Progress.java", "pendingSnapshot = index;\n            becomeProbe();", "");

    final String file;
    final String right;
    final String wrong;

    PlantedBug(String file, String right, String wrong) {
        this.file = file;
        this.right = right;
        this.wrong = wrong;
    }
}
