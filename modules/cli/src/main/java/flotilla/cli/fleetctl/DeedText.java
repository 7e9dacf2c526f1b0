package flotilla.cli.fleetctl;

import flotilla.fleet.api.DeedBody;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A line of history, for people. */
record DeedText(Machines machines, boolean full) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("MMM dd HH:mm:ss", Locale.ROOT)
                    .withZone(ZoneId.systemDefault());

    static String time(Instant time) {
        return TIME.format(time);
    }

    static String unit(DeedBody deed) {
        return Objects.requireNonNullElse(deed.unit(), "");
    }

    /** Where; from where and where to of what went. */
    String machine(DeedBody deed) {
        String to = label(deed.machineID());
        return deed.fromMachineID() == null ? to : label(deed.fromMachineID()) + " -> " + to;
    }

    String label(@Nullable String id) {
        if (id == null) {
            return "";
        }
        return full ? id : machines.label(id);
    }

    /** Who wanted it, else the engine's reason; and of which text, where that is the news. */
    String why(DeedBody deed) {
        String hash = deed.hash();
        return hash != null && deed.what().startsWith("rollout")
                ? "%s (text %s)".formatted(who(deed), ListUnits.hash(hash, full)).strip()
                : who(deed);
    }

    private String who(DeedBody deed) {
        if (deed.askedMachineID() == null) {
            return Objects.requireNonNullElse(deed.reason(), "");
        }
        String user = Objects.requireNonNullElse(deed.user(), "somebody");
        String who = "by %s on %s".formatted(user, label(deed.askedMachineID()));
        boolean saysState = deed.what().equals("submitted") || deed.what().equals("changed");
        return saysState && deed.desiredState() != null
                ? who + ", to be " + deed.desiredState()
                : who;
    }
}
