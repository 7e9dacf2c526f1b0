package flotilla.sim;

/**
 * Mistakes that a driver, a log, a state machine or a clock may hold, as one changed line each. The
 * consensus core has its own ({@code modules/raft}); here are those that break something which is
 * only looked at here. Which were tried and are not found: docs/internals/how-it-is-proved.md.
 * Where a seed no longer shows its bug, {@link PlantedBugsTest} says which does.
 */
enum PlantedBug {
    THE_LOG_IS_NOT_SYNCED(
            new Line(
                    "store/log/driver/LogWriter.java",
                    "            wal.sync();",
                    "            long unsynced = 0;"),
            1,
            "what survives starts again"),
    ANSWERS_DO_NOT_WAIT_FOR_THE_DISK(
            new Line("store/log/driver/Carrier.java", "ready.write() <= written", "written >= 0"),
            17,
            "no member fails by itself"),
    THE_VOTE_IS_NOT_STORED(
            new Line(
                    "store/log/driver/Carrier.java",
                    "state = ready.hardState();",
                    "state = new HardState(ready.hardState().term(), 0, ready.hardState().commit());"),
            3,
            "one vote a term"),
    THE_TERM_IS_NOT_STORED(
            new Line(
                    "store/log/driver/Carrier.java",
                    "state = ready.hardState();",
                    "state = new HardState(Math.max(1, state.term()), 0, ready.hardState().commit());"),
            1,
            "one vote a term"),
    THE_DISK_LIES_ABOUT_ITS_SYNC(
            new Line("platform/disk/SimulatedDisk.java", "            file.sync();", ""),
            1,
            "what survives starts again"),
    A_DIRECTORY_IS_NOT_SYNCED(
            new Line(
                    "store/log/wal/Wal.java",
                    "            directory.rename(name + SegmentName.UNFINISHED, name);\n"
                            + "            directory.sync();",
                    "            directory.rename(name + SegmentName.UNFINISHED, name);"),
            37,
            "what survives starts again"),
    A_READ_DOES_NOT_WAIT_FOR_THE_STATE(
            new Line(
                    "store/log/driver/ReadRounds.java", "point.index() <= applied", "applied >= 0"),
            1,
            "no stale read"),
    A_READ_ASKS_NOBODY(
            new Line(
                    "store/log/driver/ReadRounds.java",
                    "ask.accept(id);",
                    "answered(List.of(new ReadPoint(id, applied)));"),
            1,
            "no stale read"),
    THE_LOG_GOES_BEFORE_THE_CHECKPOINT(
            new Line(
                    "store/log/driver/SnapshotKeeper.java",
                    "taken.incrementAndGet();",
                    "taken.incrementAndGet(); tools.shelf().drop(kept.getFirst());"
                            + " tools.shelf().drop(kept.getLast());"),
            15,
            "what survives starts again"),
    A_SNAPSHOT_LEAVES_THE_APPLIED_INDEX(
            new Line(
                    "store/view/EtcdStateMachine.java",
                    "        state = read(AppliedState::read);\n        sessions = read(Sessions::read);",
                    "        sessions = read(Sessions::read);"),
            2,
            "equal state"),
    A_BATCH_IS_APPLIED_AGAIN(
            new Line(
                    "store/apply/session/Sessions.java",
                    "known != null && known.hasSeen(number)",
                    "known != null && number < 0"),
            18,
            "equal answers"),
    A_SLOW_WATCHER_MISSES_EVENTS(
            new Line(
                    "store/watch/WatchHub.java",
                    "                watcher.forget();\n                lag(watcher, from);",
                    "                watcher.forget();"),
            3,
            "a watcher is told of each revision once"),
    A_LEASE_IS_COUNTED_FROM_THE_START_OF_LEADERSHIP(
            new Line(
                    "store/apply/lease/Lessor.java",
                    "long end = since(nowNanos) + nanos(lease.remainingTtlSeconds());",
                    "long end = nanos(lease.remainingTtlSeconds());"),
            4,
            "no lease ends early"),
    A_RENEWAL_CHANGES_NOTHING(
            new Line(
                    "store/apply/lease/Lessor.java",
                    "        term.endNanos = since(nowNanos) + nanos(term.grantedSeconds);",
                    ""),
            5,
            "no lease ends early"),
    APPLY_LOOKS_AT_MORE_THAN_THE_LOG(
            new Line(
                    "store/apply/BatchApplier.java",
                    "        if (command.getOnlyInTerm() != 0 && command.getOnlyInTerm() != term) {",
                    "        if (index % 9 == 0 && System.identityHashCode(draft) % 2 == 0) {"),
            1,
            "equal answers"),
    A_BATCH_IS_SENT_AGAIN_IN_ANOTHER_SESSION(
            new Line(
                    "store/log/driver/Proposer.java",
                    "        if (!route.send(batch.bytes(), ",
                    "byte[] bytes = batch.bytes().clone();"
                            + " bytes[bytes.length - 10] ^= (byte) (attempt > 1 ? 1 : 0);"
                            + " if (!route.send(bytes, "),
            8,
            "what is asked for once is done once"),
    A_TIMEOUT_IS_REPORTED_AS_A_REFUSAL(
            new Line(
                    "store/log/driver/Proposer.java",
                    "batch.isOpen() ? EtcdError.TIMEOUT : EtcdError.NO_LEADER",
                    "EtcdError.NO_LEADER"),
            61,
            "what is refused is not done"),
    A_FLIPPED_BIT_IS_NOT_SEEN(
            new Line(
                    "store/log/wal/RecordReader.java",
                    "if (chain.value() != head.crc()) {",
                    "if (chain.value() != head.crc() && at < 0) {"),
            25,
            "no member fails by itself"),
    A_MEMBER_WITHOUT_ITS_DISK_IS_LET_IN(
            new Line(
                    "store/log/driver/Newcomer.java",
                    "if (known) {",
                    "if (known && membership.self() == 0) {"),
            16,
            "a member that lost its disk is refused"),
    A_REMOVED_MEMBER_IS_ADDED_AGAIN(
            new Line(
                    "store/apply/member/MemberBook.java",
                    "if (removed.contains(wish.id())) {",
                    "if (removed.contains(-wish.id())) {"),
            8,
            "who was removed never returns"),
    WHAT_A_MEMBER_CANNOT_READ_ENTERS_THE_LOG(
            new Line(
                    "store/log/driver/Proposer.java",
                    "!FeatureLevel.admits(level.getAsInt(), FeatureLevel.of(command))",
                    "FeatureLevel.of(command) < 0"),
            6,
            "a member meets nothing that its program can't read"),
    THE_LEVEL_IS_RAISED_TO_WHAT_ONE_MEMBER_READS(
            new Line(
                    "store/apply/member/MemberBook.java",
                    "reads.values().stream().mapToInt(Integer::intValue).min()",
                    "reads.values().stream().mapToInt(Integer::intValue).max()"),
            7,
            "no member fails by itself"),
    AN_OLD_SNAPSHOT_IS_INSTALLED(
            new Line(
                    "raft/Followed.java",
                    "} else if (index > member.commit) {",
                    "} else if (index > 0) {"),
            12,
            "no member fails by itself"),
    A_VOTE_FOR_ONE_THAT_LACKS_ENTRIES(
            new Line(
                    "raft/Elections.java",
                    "boolean granted = free && upToDate(request);",
                    "boolean granted = free;"),
            6,
            "a leader has all that is committed"),
    A_COMMAND_OF_AN_OLDER_TERM_IS_APPLIED(
            new Line(
                    "store/apply/BatchApplier.java",
                    "command.getOnlyInTerm() != 0 && command.getOnlyInTerm() != term",
                    "command.getOnlyInTerm() < 0"),
            3,
            "void in another term"),
    MEMBERS_CHANGE_WITHOUT_THE_STRICT_CHECK(
            new Line(
                    "store/log/driver/MemberChanges.java",
                    "strict.refusal(wish)",
                    "java.util.Optional.<EtcdError>empty()"),
            47,
            "a healed cluster answers"),
    A_VOTER_GOES_AT_ONCE(
            new Line(
                    "store/log/driver/MemberChanges.java",
                    "&& book.conf().voters().contains(id)",
                    "&& book.conf().voters().contains(-id)"),
            97_438,
            "a healed cluster answers"),
    A_DAMAGED_CHECKPOINT_IS_OFFERED_AGAIN(
            new Line(
                    "store/log/driver/SnapshotKeeper.java",
                    "var _ = tools.shelf().dropIfDamaged(mark);",
                    "var _ = tools.shelf().marks();"),
            122,
            "a damaged checkpoint is replaced"),
    STATES_THAT_ARE_COMPACTED_OTHERWISE_ARE_COMPARED(
            new Line(
                    "store/corruption/Comparison.java",
                    "&& one.compactRevision() == other.compactRevision()",
                    ""),
            12,
            "only who differs is named"),
    WHO_IS_AHEAD_CONTRADICTS(
            new Line("store/corruption/Comparison.java", "&& one.applied() <= other.applied()", ""),
            59,
            "only who differs is named"),
    A_MEMBER_HASHES_ANOTHER_REVISION(
            new Line(
                    "store/log/driver/HashDesk.java",
                    "machine.hashAt(revision)",
                    "machine.hashAt(Math.min(0, revision))"),
            4,
            "only who differs is named"),
    WHO_COMPARES_IS_ALWAYS_RIGHT(
            new Line(
                    "store/corruption/Comparison.java",
                    "if (against > members / 2)",
                    "if (against > 0 && member != self)"),
            12,
            "who differs is named");

    private final String file;
    private final String right;
    private final String wrong;
    final long seed;
    final String breaks;

    /**
     * @param seed of a run that shows it
     * @param breaks the promise that it breaks there
     */
    PlantedBug(Line line, long seed, String breaks) {
        this.file = line.file();
        this.right = line.right();
        this.wrong = line.wrong();
        this.seed = seed;
        this.breaks = breaks;
    }

    Line line() {
        return new Line(file, right, wrong);
    }
}
