package flotilla.cli.trust;

import flotilla.cli.fleetctl.Connection;
import flotilla.cli.fleetctl.EndpointFinder;
import flotilla.trust.api.MemberBody;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        description = {
            "Put a machine out, for good: its certificates count no more, its open connections are",
            "cut, and it gets no others. To come back it needs a machine id of its own."
        })
final class MachineRevoke implements Callable<Integer> {
    @Mixin private final Connection connection;

    @Parameters(paramLabel = "MACHINE", description = "Host name, or machine id in full")
    private String machine = "";

    MachineRevoke(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() {
        MemberBody out = Asking.of(connection, fleet -> fleet.putOut(machine));
        System.err.println("%s (%s) is out".formatted(out.name(), out.machineId()));
        return 0;
    }
}
