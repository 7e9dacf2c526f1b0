package flotilla.cli.fleetctl;

import flotilla.fleet.FleetDaemon;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

@Command(name = "version", mixinStandardHelpOptions = true, description = FleetctlVersion.SUMMARY)
public final class FleetctlVersion implements Callable<Integer>, IVersionProvider {
    public static final String SUMMARY = "Print the version of fleet that this speaks.";

    @Override
    public Integer call() {
        System.out.println(getVersion()[0]);
        return 0;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"fleetctl version " + FleetDaemon.VERSION};
    }
}
