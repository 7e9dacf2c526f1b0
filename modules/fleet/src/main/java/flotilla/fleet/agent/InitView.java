package flotilla.fleet.agent;

import flotilla.fleet.job.OnLost;
import flotilla.fleet.job.PublishedState;
import flotilla.fleet.schedule.ImageWishes;
import flotilla.fleet.schedule.Requirements;
import flotilla.machine.UnitState;
import flotilla.units.UnitFile;
import java.util.List;
import java.util.Optional;

/** One unit as the init has it, as far as this machine has seen: its file, and how it fares. */
final class InitView {
    /** Older than every order. */
    private static final long BEFORE_ALL = -1;

    private static final List<String> ANYBODY = List.of("*");

    private final String name;
    private final Pulse pulse;
    private final Supply supply;
    private UnitState state;
    private Optional<String> text = Optional.empty();
    private OnLost onLost = OnLost.STOP;
    private List<String> shunned = ANYBODY;
    private ImageWishes images = ImageWishes.NONE;
    private boolean known;
    private boolean fileIsRight = true;
    private long unreadSince;

    /**
     * @param inherited whether an earlier daemon may have written its file, and died before the
     *     init read it
     */
    InitView(String name, boolean inherited) {
        this.name = name;
        this.unreadSince = inherited ? BEFORE_ALL : 0;
        this.pulse = new Pulse(name);
        this.supply = new Supply(name);
        this.state = UnitState.notFound(name);
    }

    String name() {
        return name;
    }

    Pulse pulse() {
        return pulse;
    }

    UnitState state() {
        return state;
    }

    /** The text that was last written, or found in its file. */
    Optional<String> text() {
        return text;
    }

    /** What it says of itself; of a text that is not known, or that can't be read, the worse. */
    OnLost onLost() {
        return onLost;
    }

    /**
     * Globs of units that must not be beside it; of a text that is not known, or that can't be
     * read, anybody.
     */
    List<String> shunned() {
        return shunned;
    }

    Supply supply() {
        return supply;
    }

    /** Whether its images are here, for one start; what isn't is asked for. */
    boolean isSupplied(Pass pass) {
        return supply.isIn(images, pass);
    }

    /** Whether the init has said how it is since it read the file. */
    boolean isKnown() {
        return known;
    }

    /** Whether the file was there, and as it should be, when it was last looked at. */
    boolean fileIsRight() {
        return fileIsRight;
    }

    /** Neither up nor on the way. */
    boolean isOver() {
        return state.active().equals("inactive") || state.isFailed();
    }

    /** On the way up or down, by the init's own limits of time. */
    boolean isOnTheWay() {
        return !isOver() && !state.isActive();
    }

    /** Whether the init has read its file and won't have it; that is then its state. */
    boolean isRefused() {
        return !state.load().equals("loaded") && !state.load().equals("not-found");
    }

    /** It is about to be written. */
    void brings(String its) {
        Optional<Requirements> wants = Requirements.of(name, its);
        text = Optional.of(its);
        onLost = wants.map(Requirements::onLost).orElse(OnLost.STOP);
        shunned = wants.map(Requirements::shunned).orElse(ANYBODY);
        images = ImageWishes.of(name, its);
    }

    /** Its file was written, by that order; the init reads it when it reads all. */
    void written(long order) {
        fileIsRight = true;
        known = false;
        unreadSince = order;
    }

    /**
     * The init has read all files that were written before that order.
     *
     * @return whether its own is among them
     */
    boolean reloaded(long order) {
        if (unreadSince < order) {
            unreadSince = 0;
        }
        return unreadSince == 0;
    }

    /** Nothing of it is left, or is to be. */
    void forget() {
        text = Optional.empty();
        onLost = OnLost.STOP;
        shunned = ANYBODY;
        images = ImageWishes.NONE;
    }

    void is(UnitState now) {
        state = now;
        known = known || unreadSince == 0;
    }

    /**
     * @param hash of the text that its file should have
     */
    void file(Optional<String> found, String hash) {
        fileIsRight =
                text.isPresent()
                        ? found.equals(text)
                        : found.filter(its -> UnitFile.parse(its).hash().equals(hash)).isPresent();
        if (fileIsRight && text.isEmpty()) {
            found.ifPresent(this::brings);
        }
    }

    /** What is said of it; empty while the init has not said how it is. */
    Optional<PublishedState> published(Held have, String machineId) {
        return known
                ? Optional.of(
                        supply.on(
                                new PublishedState(
                                        name,
                                        machineId,
                                        have.hash(),
                                        state.load(),
                                        state.active(),
                                        state.sub(),
                                        have.isLaunched(),
                                        "",
                                        pulse.health())))
                : Optional.empty();
    }
}
