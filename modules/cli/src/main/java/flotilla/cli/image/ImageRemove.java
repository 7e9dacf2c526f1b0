package flotilla.cli.image;

import flotilla.cli.fleetctl.Connection;
import flotilla.cli.fleetctl.EndpointFinder;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "rm",
        mixinStandardHelpOptions = true,
        description = {
            "Take an image out of the cluster.",
            "Its bytes go from the machines within about an hour; engines keep what they have."
        },
        footer = {"", "  flotilla image rm app:1"})
final class ImageRemove implements Callable<Integer> {
    @Mixin private final Connection connection;

    @Parameters(paramLabel = "NAME[:TAG]", description = "As flotilla image ls shows it")
    private String name = "";

    ImageRemove(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() {
        return Image.ask(
                connection,
                images -> {
                    images.remove(name);
                    System.out.println("Removed " + name);
                    return 0;
                });
    }
}
