package flotilla.cli.fleetctl;

import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.MachineBody;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Machines as fleetctl names them: {@code 113f16a7.../172.17.8.103}. */
final class Machines {
    private static final int SHORT_ID = 8;

    private final Map<String, MachineBody> byId;

    private Machines(Map<String, MachineBody> byId) {
        this.byId = byId;
    }

    static Machines of(FleetClient fleet) {
        return new Machines(
                fleet.listMachines().stream()
                        .collect(Collectors.toMap(m -> String.valueOf(m.id()), m -> m)));
    }

    static String id(@Nullable String id, boolean full) {
        String text = Objects.requireNonNullElse(id, "");
        return full || text.length() <= SHORT_ID ? text : text.substring(0, SHORT_ID) + "...";
    }

    /** Empty when there is none. */
    String legend(@Nullable String id, boolean full) {
        if (id == null || id.isEmpty()) {
            return "";
        }
        String ip = ip(id);
        return ip.isEmpty() ? id(id, full) : id(id, full) + "/" + ip;
    }

    String ip(String id) {
        MachineBody machine = byId.get(id);
        return machine == null || machine.primaryIP() == null ? "" : machine.primaryIP();
    }

    /** The host name, else the short id. */
    String label(String id) {
        MachineBody machine = byId.get(id);
        return machine == null || machine.hostname() == null ? id(id, false) : machine.hostname();
    }
}
