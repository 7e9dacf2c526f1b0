package flotilla.machine.embedded;

import flotilla.machine.UnitState;
import java.util.Optional;

/** What the journal says when a unit's active state changes, in systemd's words. */
final class Announcement {
    private Announcement() {}

    /** Empty for a change that goes without saying, or that the service machine tells. */
    static Optional<String> of(UnitRuntime unit, UnitState before, UnitState after) {
        String name = unit.name() + " - " + unit.loaded.description();
        return switch (after.active()) {
            case "active" -> Optional.of("Started " + name + ".");
            case "activating" ->
                    after.sub().equals("auto-restart")
                            ? Optional.empty()
                            : Optional.of("Starting " + name + "...");
            case "deactivating" ->
                    unit.service.stopAsked()
                            ? Optional.of("Stopping " + name + "...")
                            : Optional.empty();
            case "inactive" ->
                    before.isFailed() ? Optional.empty() : Optional.of("Stopped " + name + ".");
            default -> Optional.empty();
        };
    }
}
