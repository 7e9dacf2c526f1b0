package flotilla.cli.trust;

import flotilla.cli.fleetctl.Connection;
import flotilla.cli.fleetctl.EndpointFinder;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        description = "Take a join token back. Machines that joined by it stay.")
final class TokenRevoke implements Callable<Integer> {
    @Mixin private final Connection connection;

    @Parameters(paramLabel = "ID", description = "As flotilla token ls shows it")
    private String id = "";

    TokenRevoke(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() {
        return Asking.of(
                connection,
                fleet -> {
                    fleet.revokeToken(id);
                    System.err.println("Nobody joins by token " + id + " any more");
                    return 0;
                });
    }
}
