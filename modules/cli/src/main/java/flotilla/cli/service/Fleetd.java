package flotilla.cli.service;

import flotilla.cli.command.CommandFailure;
import flotilla.fleet.FleetConfig;
import flotilla.fleet.FleetDaemon;
import flotilla.fleet.FleetSettings;
import flotilla.machine.HostFacts;
import flotilla.machine.Ports;
import flotilla.machine.embedded.EmbeddedHost;
import flotilla.machine.embedded.EmbeddedInit;
import flotilla.machine.embedded.InitConfig;
import flotilla.machine.systemd.Reach;
import flotilla.machine.systemd.Systemd;
import flotilla.platform.memory.MemoryBudget;
import flotilla.platform.notify.HandedSocket;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code flotilla fleetd}: this host as a machine of the cluster, by the original's settings. */
@Command(
        name = "fleetd",
        description = Fleetd.SUMMARY,
        mixinStandardHelpOptions = true,
        footerHeading =
                "%nSettings, in the file as key=value, and as FLEET_KEY in the environment:%n",
        footer = {
            "  etcd_servers=URLS       http://127.0.0.1:2379,http://127.0.0.1:4001",
            "  public_ip=ADDRESS       where others reach this machine; the one it goes out by",
            "  metadata=KEY=VALUE,...  what MachineMetadata= of units asks for",
            "  agent_ttl=TIME          5s; how long a machine that is silent still counts",
            "  on_stop=leave|stay      leave; whether units stop with fleetd, and move",
            "  etcd_key_prefix=KEY, etcd_request_timeout=TIME, etcd_token_file=FILE,",
            "  etcd_cafile=FILE, etcd_certfile=FILE, etcd_keyfile=FILE, disable_engine=BOOL,",
            "  token_limit=N, verbosity=N",
            "  trust_dir=DIR           none; the certificates that flotilla join brought",
            "",
            "Its API listens on /run/fleet.sock, or on the socket that systemd hands over; with",
            "trust_dir also on port 49153 of public_ip, for those who show a certificate."
        })
public final class Fleetd implements Callable<Integer> {
    public static final String SUMMARY =
            "Run this host as a machine of the cluster, with fleet's settings.";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "/etc/fleet/fleet.conf",
            description = "Where the settings are; may be missing (${DEFAULT-VALUE})")
    private Path file = Path.of("/etc/fleet/fleet.conf");

    @Option(
            names = "--state",
            paramLabel = "DIR",
            defaultValue = "${env:STATE_DIRECTORY:-/var/lib/flotilla/fleet}",
            description =
                    "Without systemd: where units, their journals and their state are"
                            + " (${DEFAULT-VALUE})")
    private Path state = Path.of("/var/lib/flotilla/fleet");

    @Mixin private LogOptions logging = new LogOptions();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        logging.apply();
        FleetConfig config = config();
        try {
            Ports ports = Systemd.isOurs() ? Systemd.open(Reach.thisHost()) : ownInit();
            FleetDaemon daemon =
                    FleetDaemon.start(
                            config, ports, new FleetDaemon.Site(Path.of("/"), HandedSocket.take()));
            return ServiceRun.until(
                    new ServiceRun.Signs(
                            CompletableFuture.completedFuture(null),
                            new CompletableFuture<>(),
                            daemon::pulse),
                    () -> {
                        daemon.close();
                        ports.init().close();
                    });
        } catch (IOException e) {
            throw new CommandFailure("fleetd can't start: " + e.getMessage());
        }
    }

    /** Where systemd is not, or not ours to command: units are below a directory of fleet's. */
    private Ports ownInit() throws IOException {
        HostFacts host = ThisMachine.facts();
        EmbeddedInit init =
                EmbeddedInit.open(
                        new InitConfig(
                                state,
                                host.hostname(),
                                host.machineId(),
                                host.bootId(),
                                Map.of(),
                                Map.of(),
                                MemoryBudget.ofThisJvm()));
        return new Ports(init, init.journal(), new EmbeddedHost(host));
    }

    private FleetConfig config() {
        try {
            return FleetSettings.read(file, System.getenv());
        } catch (IOException e) {
            throw new CommandFailure("can't read " + file + ": " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
