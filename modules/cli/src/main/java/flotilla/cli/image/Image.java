package flotilla.cli.image;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.fleetctl.Connection;
import flotilla.cli.fleetctl.EndpointFinder;
import flotilla.fleet.api.FleetException;
import flotilla.fleet.api.ImageClient;
import flotilla.platform.http.HttpCaller;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** What is said of the commands of images together. */
@Command(
        name = "image",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            Image.SUMMARY,
            "An image lies on three machines, or on all where there are fewer.",
            "A machine that gets a unit which runs it gets the image first."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  docker save app:1 -o app.tar && flotilla image push app.tar",
            "  flotilla image ls",
            "  flotilla image rm app:1"
        })
public final class Image {
    public static final String SUMMARY =
            "Keep images of containers in the cluster, without a registry.";

    private Image() {}

    /** With the commands below it. */
    public static CommandSpec spec(EndpointFinder finder) {
        CommandSpec spec = CommandSpec.forAnnotatedObject(new Image());
        spec.addSubcommand("push", new CommandLine(new ImagePush(finder)));
        spec.addSubcommand("ls", new CommandLine(new ImageList(finder)));
        spec.addSubcommand("rm", new CommandLine(new ImageRemove(finder)));
        return spec;
    }

    /** What a command does with images. */
    @FunctionalInterface
    interface Work<T> {
        T with(ImageClient images) throws IOException;
    }

    /** Turns what is refused into words for the one at the terminal. */
    static <T> T ask(Connection connection, Work<T> work) {
        try (HttpCaller caller = connection.caller()) {
            return work.with(new ImageClient(caller));
        } catch (FleetException e) {
            throw new CommandFailure(e.getMessage() + " (HTTP " + e.code() + ")");
        } catch (IOException e) {
            throw new CommandFailure(
                    "fleet did not answer: %s: is the cluster up? --endpoint names another"
                            .formatted(e.getMessage()));
        }
    }
}
