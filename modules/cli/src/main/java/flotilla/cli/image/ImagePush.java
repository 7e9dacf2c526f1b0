package flotilla.cli.image;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.command.UsageFailure;
import flotilla.cli.fleetctl.Connection;
import flotilla.cli.fleetctl.EndpointFinder;
import flotilla.fleet.image.BadArchiveException;
import flotilla.fleet.image.ImageArchive;
import flotilla.fleet.job.ImageName;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "push",
        mixinStandardHelpOptions = true,
        description = {
            "Bring an image into the cluster, from a file of docker save's.",
            "It is done when as many machines have it as are to; what breaks off before counts for",
            "nothing, and goes on where it was when it is pushed again."
        },
        footer = {
            "",
            "  flotilla image push app.tar",
            "  flotilla image push app.tar --name app:2"
        })
final class ImagePush implements Callable<Integer> {
    @Mixin private final Connection connection;

    @Option(
            names = "--name",
            paramLabel = "NAME[:TAG]",
            description = "What to call it (default: as the file does)")
    private @Nullable String name;

    @Parameters(paramLabel = "FILE.tar", description = "As docker save writes it")
    private Path file = Path.of("");

    ImagePush(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() {
        String given = name;
        Optional<ImageName> called =
                given == null
                        ? Optional.empty()
                        : Optional.of(
                                ImageName.read(given)
                                        .orElseThrow(() ->
                                                new UsageFailure(
                                                        "--name %s: want a name such as app:1"
                                                                .formatted(given))));
        try (ImageArchive archive = ImageArchive.open(file, called)) {
            return Image.ask(
                    connection,
                    images -> {
                        images.push(archive, words -> System.err.println(words));
                        System.out.println("Pushed " + archive.image().name());
                        return 0;
                    });
        } catch (BadArchiveException e) {
            throw new CommandFailure(file + " is refused: " + e.getMessage());
        } catch (NoSuchFileException e) {
            throw new CommandFailure("there is no file " + file);
        } catch (IOException e) {
            throw new CommandFailure(file + " can't be read: " + e.getMessage());
        }
    }
}
