package flotilla.provision.machine;

import flotilla.fleet.FleetConfig;
import flotilla.fleet.FleetDaemon;
import flotilla.fleet.FleetSettings;
import flotilla.machine.Ports;
import flotilla.machine.embedded.BuiltinContext;
import flotilla.machine.embedded.BuiltinProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * {@code /usr/bin/fleetd} of a local machine, inside the machine's process. Ready when its API
 * listens.
 *
 * @param prefix fleet's keys
 * @param tokenFile what the store guards fleet's keys with
 * @param address where the machine's own store listens
 * @param ports of the machine; asked for when the program starts, by when there are some
 */
record FleetProgram(
        String address, FleetPrefix prefix, Optional<Path> tokenFile, Supplier<Ports> ports)
        implements BuiltinProgram {
    @Override
    public Running start(BuiltinContext context) throws IOException {
        Map<String, String> environment = new HashMap<>(context.environment());
        // The original's default is 127.0.0.1, which is every machine's here.
        environment.putIfAbsent("FLEET_ETCD_SERVERS", "http://" + address + ":2379");
        tokenFile.ifPresent(
                file -> environment.putIfAbsent("FLEET_ETCD_TOKEN_FILE", file.toString()));
        FleetConfig config = FleetSettings.read(FleetPrefix.settings(context.root()), environment);
        prefix.check(config);
        return new Daemon(FleetDaemon.start(config, ports.get(), context.root()));
    }

    private record Daemon(FleetDaemon daemon, CompletableFuture<Integer> exited)
            implements Running {
        Daemon(FleetDaemon daemon) {
            this(daemon, new CompletableFuture<>());
        }

        @Override
        public void stop() {
            daemon.close();
            exited.complete(0);
        }
    }
}
