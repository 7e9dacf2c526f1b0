package flotilla.cli.image;

import flotilla.cli.command.Listing;
import flotilla.cli.fleetctl.Connection;
import flotilla.cli.fleetctl.EndpointFinder;
import flotilla.cli.table.Table;
import flotilla.fleet.api.ImageBody;
import flotilla.fleet.api.ImageClient;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "ls",
        mixinStandardHelpOptions = true,
        description = "List the cluster's images, and on how many machines each lies.",
        footer = {"", "Fields: name, id, size, layers, machines"})
final class ImageList implements Callable<Integer> {
    private static final int SHORT_ID = 12;

    @Mixin private final Connection connection;
    @Mixin private Listing listing = new Listing();

    ImageList(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() {
        List<ImageBody> images = Image.ask(connection, ImageClient::list);
        Table<ImageBody> table =
                new Table<ImageBody>()
                        .field("name", ImageBody::name)
                        .field("id", this::id)
                        .field(
                                "size",
                                image -> String.format(Locale.ROOT, "%.1f MB", image.bytes() / 1e6))
                        .field("layers", image -> Integer.toString(image.layers().size()))
                        .field(
                                "machines",
                                image ->
                                        Integer.toString(
                                                Objects.requireNonNullElse(
                                                                image.machines(), List.<String>of())
                                                        .size()));
        return listing.print(
                table, List.of("name", "id", "size", "layers", "machines"), images, images);
    }

    private String id(ImageBody image) {
        String digest = image.config().digest().replaceFirst("^sha256:", "");
        return listing.full() ? digest : digest.substring(0, SHORT_ID);
    }
}
