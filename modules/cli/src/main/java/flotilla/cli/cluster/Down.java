package flotilla.cli.cluster;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "down",
        description = Down.SUMMARY,
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla down", "  flotilla down --purge      leaves no file either"})
public final class Down implements Callable<Integer> {
    public static final String SUMMARY =
            "Stop every machine of this host's cluster; up brings it back with its data.";

    @Option(
            names = "--purge",
            description = "Remove the cluster: its data, its machines, its token")
    private boolean purge;

    @Override
    public Integer call() throws InterruptedException {
        ThisHost.cluster().down(purge);
        return 0;
    }
}
