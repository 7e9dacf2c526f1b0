package flotilla.cloudconfig.plan;

import flotilla.cloudconfig.document.Metadata;
import flotilla.cloudconfig.plan.Action.WriteUnit;
import flotilla.machine.Init.UnitDirectory;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The drop-ins {@code 20-cloudinit.conf} by which options below coreos.etcd and the like reach
 * their services: one {@code Environment="ETCD_KEY=VALUE"} each, sorted by KEY. Byte for byte those
 * of the coreos-cloudinit of 2014, which also named an etcd that has no name by its machine-id.
 */
final class OptionDropIns {
    /** A machine-id that images were shipped with; it names no machine. */
    private static final String SHIPPED_MACHINE_ID = "42000000000000000000000000000042";

    private OptionDropIns() {}

    static Optional<WriteUnit> etcd(Map<String, String> options, Metadata metadata) {
        if (options.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> all = new TreeMap<>(options);
        String alias = all.remove("discovery_url");
        if (alias != null) {
            all.putIfAbsent("discovery", alias);
        }
        all.computeIfAbsent("name", _ -> name(metadata));
        all.values().removeIf(String::isEmpty);
        return dropIn("etcd.service", "ETCD_", all);
    }

    static Optional<WriteUnit> etcd2(Map<String, String> options) {
        return dropIn("etcd2.service", "ETCD_", options);
    }

    static Optional<WriteUnit> fleet(Map<String, String> options) {
        return dropIn("fleet.service", "FLEET_", options);
    }

    private static String name(Metadata metadata) {
        String id = metadata.machineId();
        return id.isEmpty() || id.equals(SHIPPED_MACHINE_ID) ? metadata.hostname() : id;
    }

    private static Optional<WriteUnit> dropIn(
            String service, String prefix, Map<String, String> options) {
        if (options.isEmpty()) {
            return Optional.empty();
        }
        // Sorted as written: an underscore stands after A to Z, but before a to z.
        Map<String, String> variables = new TreeMap<>();
        options.forEach((key, value) -> variables.put(key.toUpperCase(Locale.ROOT), value));
        StringBuilder text = new StringBuilder("[Service]\n");
        variables.forEach((key, value) ->
                text.append("Environment=\"")
                        .append(prefix)
                        .append(key)
                        .append('=')
                        .append(value)
                        .append("\"\n"));
        return Optional.of(
                new WriteUnit(
                        service + ".d/20-cloudinit.conf", UnitDirectory.RUNTIME, text.toString()));
    }
}
