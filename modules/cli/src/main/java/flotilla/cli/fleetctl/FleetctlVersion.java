package flotilla.cli.fleetctl;

import flotilla.fleet.FleetDaemon;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "version",
        mixinStandardHelpOptions = true,
        description = "Print the version of fleet that this speaks.")
final class FleetctlVersion implements Callable<Integer> {
    @Override
    public Integer call() {
        System.out.println("fleetctl version " + FleetDaemon.VERSION);
        return 0;
    }
}
