package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.MachineBody;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Machines as fleetctl names them: {@code 113f16a7.../172.17.8.103}. */
final class Machines {
    /** How a command says that {@link #named} takes its argument. */
    static final String HOW_NAMED = "Host name, address, or id, whole or its beginning";

    private static final int SHORT_ID = 8;

    /** An id in full: machine-id(5). */
    private static final Pattern WHOLE_ID = Pattern.compile("[0-9a-f]{32}");

    private final Map<String, MachineBody> byId;

    private Machines(Map<String, MachineBody> byId) {
        this.byId = byId;
    }

    static Machines of(FleetClient fleet) {
        return of(fleet.listMachines());
    }

    static Machines of(List<MachineBody> machines) {
        return new Machines(
                machines.stream().collect(Collectors.toMap(m -> String.valueOf(m.id()), m -> m)));
    }

    /**
     * The id of the machine that was typed; an id in full is taken for a machine that is down.
     *
     * @throws CommandFailure when it is none or could be several
     */
    String named(String typed) {
        if (has(typed) || WHOLE_ID.matcher(typed).matches()) {
            return typed;
        }
        List<String> found = called(typed);
        if (found.isEmpty()) {
            throw new CommandFailure(
                    "no machine is called %s: see 'flotilla list-machines'; one that is down is"
                                    .formatted(typed)
                            + " called by its whole id");
        }
        if (found.size() > 1) {
            throw new CommandFailure(
                    "%s could be %s: say which by its id"
                            .formatted(typed, String.join(", ", found)));
        }
        return found.getFirst();
    }

    /** The ids of all machines in the cluster that the word may mean. */
    List<String> called(String typed) {
        if (has(typed)) {
            return List.of(typed);
        }
        List<String> found =
                ids(machine ->
                        typed.equals(machine.hostname()) || typed.equals(machine.primaryIP()));
        String begin = typed.replaceFirst("\\.\\.\\.(/.*)?$", "");
        return found.isEmpty() && !begin.isEmpty()
                ? ids(machine -> String.valueOf(machine.id()).startsWith(begin))
                : found;
    }

    private List<String> ids(Predicate<MachineBody> meant) {
        return byId.entrySet().stream()
                .filter(machine -> meant.test(machine.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    boolean has(String id) {
        return byId.containsKey(id);
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
