package flotilla.sim.member;

import flotilla.store.log.driver.MemberParts.Times;
import flotilla.store.log.wal.WalOptions;

/**
 * How members are set up in one run, and how long what they do takes them, typically.
 *
 * @param upgrades whether members run different programs, which are replaced one after the other;
 *     else all run an older one, and nobody looks whether the feature level could be raised
 * @param times see there
 * @param wal small files, so that there are many
 * @param coreNanos a task of the core's loop
 * @param diskNanos a write with its sync
 * @param applyNanos a stretch of entries
 * @param snapshotNanos taking a checkpoint
 * @param compareNanos before the leader compares the members' states again; 0: it never does
 * @param comparesFirst whether a member does so before it takes part again
 */
public record Habits(
        boolean upgrades,
        Times times,
        WalOptions wal,
        long coreNanos,
        long diskNanos,
        long applyNanos,
        long snapshotNanos,
        long compareNanos,
        boolean comparesFirst) {}
