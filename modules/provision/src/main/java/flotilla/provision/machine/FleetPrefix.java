package flotilla.provision.machine;

import flotilla.fleet.FleetConfig;
import flotilla.fleet.FleetSettings;
import flotilla.store.boot.EtcdConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which of the store's keys are fleet's on a machine. Whoever writes them has every machine run
 * commands, so the store guards them, and both must mean the same ones: those that fleet's settings
 * say, in its file or in the user-data. One for each machine; safe from any thread.
 */
final class FleetPrefix {
    private static final String OPTION = "etcd_key_prefix";

    private final Path root;
    private final Map<String, String> options;
    private volatile Optional<EtcdConfig.Guard> guarded = Optional.empty();

    /**
     * @param root the machine's
     * @param options coreos.fleet of the user-data
     */
    FleetPrefix(Path root, Map<String, String> options) {
        this.root = root;
        this.options = Map.copyOf(options);
    }

    static Path settings(Path root) {
        return root.resolve("etc/fleet/fleet.conf");
    }

    /** As the settings are now; a file that can't be read is fleet's to complain about. */
    EtcdConfig.Guard guard(Path tokenFile) {
        Map<String, String> environment = new HashMap<>();
        String said = options.getOrDefault(OPTION, "");
        if (!said.isEmpty()) {
            environment.put("FLEET_ETCD_KEY_PREFIX", said);
        }
        try {
            FleetConfig config = FleetSettings.read(settings(root), environment);
            return EtcdConfig.Guard.byToken(config.etcdKeyPrefix(), tokenFile);
        } catch (IOException | IllegalArgumentException e) {
            String prefix = said.isEmpty() ? FleetConfig.defaults().etcdKeyPrefix() : said;
            return EtcdConfig.Guard.byToken(prefix, tokenFile);
        }
    }

    /** What the machine's store, now that it starts, guards. */
    void guarded(Optional<EtcdConfig.Guard> guard) {
        guarded = guard;
    }

    /**
     * @throws IOException when fleet would write where the store, started before, guards nothing
     */
    void check(FleetConfig fleet) throws IOException {
        List<String> guards = guarded.map(EtcdConfig.Guard::prefixes).orElse(List.of(""));
        if (guards.stream().noneMatch(fleet.etcdKeyPrefix()::startsWith)) {
            throw new IOException(
                    "fleet's %s is %s, and this machine's store guards %s: say it in %s or in"
                                    .formatted(
                                            OPTION,
                                            fleet.etcdKeyPrefix(),
                                            String.join(", ", guards),
                                            settings(root))
                            + " coreos.fleet of the user-data, then boot the machine again");
        }
    }
}
