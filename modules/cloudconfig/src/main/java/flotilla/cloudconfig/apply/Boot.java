package flotilla.cloudconfig.apply;

import flotilla.cloudconfig.document.CloudConfig;
import flotilla.cloudconfig.document.Metadata;
import flotilla.cloudconfig.document.Problem;
import flotilla.cloudconfig.plan.Plan;
import java.io.IOException;
import java.util.stream.Collectors;

/** What coreos-cloudinit does with a user-data at every boot of a machine. */
public final class Boot {
    /** In place of one that can't be used: the machine's name and keys are set all the same. */
    private static final String NO_USER_DATA = "";

    private Boot() {}

    /**
     * Blocks until all is done, the jobs of units too.
     *
     * @throws IOException which action failed, and why; or, when all else was done, that the
     *     document can't be used
     */
    public static void apply(CloudConfig.Reading userData, Metadata metadata, Applier applier)
            throws IOException, InterruptedException {
        CloudConfig document =
                userData.document()
                        .or(() ->
                                CloudConfig.read(NO_USER_DATA, CloudConfig.Mode.LENIENT).document())
                        .orElseThrow();
        applier.apply(Plan.of(document, metadata));
        if (userData.document().isEmpty()) {
            throw new IOException(
                    "the user-data can't be used: "
                            + userData.problems().stream()
                                    .map(Problem::toString)
                                    .collect(Collectors.joining("; ")));
        }
    }
}
