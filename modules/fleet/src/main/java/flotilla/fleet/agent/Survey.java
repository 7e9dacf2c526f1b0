package flotilla.fleet.agent;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * When the init is to read its files again, and when its units are to be looked at: all of them
 * when the machine begins and now and then, and those whose files it has just read or that seem to
 * have ended.
 */
final class Survey {
    /** Between two looks at the init when nothing happens, in milliseconds. */
    private static final long LOOK_MILLIS = 30_000;

    /** Between two looks at an init that does not answer, or that is to be looked at soon. */
    private static final long LOOK_SOON_MILLIS = 1_000;

    private final Question look = new Question();
    private final Question reload = new Question();

    /** Those whose files the init has yet to read. */
    private final Set<String> unread = new TreeSet<>();

    /** Those to be looked at now: their files were read since, or they seem to have ended. */
    private final Set<String> doubtful = new TreeSet<>();

    private boolean reloadIsDue;
    private boolean looksAtAll;
    private boolean looked;
    private long lookAt;

    /**
     * @param inherited whether there are units of an earlier daemon
     */
    Survey(Set<String> inherited, long now) {
        this.unread.addAll(inherited);
        this.reloadIsDue = !inherited.isEmpty();
        this.looked = inherited.isEmpty();
        this.lookAt = now;
    }

    /** Whether all has been looked at since the machine began. */
    boolean hasLooked() {
        return looked;
    }

    void written(String unit) {
        unread.add(unit);
    }

    /** Those whose files the init may have read now; none if it has not. */
    List<String> reloaded(Event.Reloaded outcome, long now) {
        boolean well = outcome.problem().isEmpty();
        if (!reload.answered(outcome.order(), well, now)) {
            return List.of();
        }
        reloadIsDue = reloadIsDue || !well;
        return well ? List.copyOf(unread) : List.of();
    }

    /** Its file was among them. */
    void isRead(String unit) {
        unread.remove(unit);
        doubtful.add(unit);
    }

    /** Whether that is the answer to what was asked last. */
    boolean looked(Event.Looked answer, long now) {
        boolean well = !answer.units().isEmpty();
        if (!look.answered(answer.order(), well, now)) {
            return false;
        }
        doubtful.removeAll(answer.units().keySet());
        if (looksAtAll) {
            lookAt = now + (well ? LOOK_MILLIS : LOOK_SOON_MILLIS);
            looked = looked || well;
        }
        return true;
    }

    /**
     * @param writing whether a file is being written: then the init does not read them yet
     */
    void reload(boolean writing, Pass pass) {
        reloadIsDue = reloadIsDue || pass.wantsReload() || reload.isForgotten(pass);
        if (reloadIsDue && !writing && reload.isFree(pass)) {
            reloadIsDue = false;
            pass.add(new Action.Reload(reload.ask(pass)));
        }
    }

    void look(Set<String> units, Pass pass) {
        if (pass.wantsLook()) {
            lookAt = Math.min(lookAt, pass.now() + LOOK_SOON_MILLIS);
        }
        doubtful.addAll(pass.looks());
        doubtful.retainAll(units);
        if (units.isEmpty()) {
            return;
        }
        boolean isDue = pass.now() >= lookAt;
        if (!isDue) {
            pass.wakeAt(lookAt);
        }
        if ((isDue || !doubtful.isEmpty()) && look.isFree(pass)) {
            looksAtAll = isDue;
            pass.add(new Action.Look(look.ask(pass), Set.copyOf(isDue ? units : doubtful)));
        }
    }
}
