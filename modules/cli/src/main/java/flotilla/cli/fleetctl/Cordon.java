package flotilla.cli.fleetctl;

import flotilla.fleet.api.FleetClient;
import flotilla.fleet.job.Eligibility;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The verbs that say whether units may come to a machine, and wait for nothing. */
@Command(mixinStandardHelpOptions = true)
final class Cordon implements Callable<Integer> {
    static final String CORDON = "Let no more units come to machines; those there stay.";
    static final String UNCORDON = "Let units come to machines again, cordoned or drained before.";

    enum Verb {
        CORDON("Cordoned", Eligibility.CORDONED),
        UNCORDON("Uncordoned", Eligibility.READY);

        private final String past;
        private final Eligibility eligibility;

        Verb(String past, Eligibility eligibility) {
            this.past = past;
            this.eligibility = eligibility;
        }
    }

    private final Verb verb;
    @Mixin private final Connection connection;

    @Parameters(paramLabel = "MACHINE", arity = "1..*", description = Machines.HOW_NAMED)
    private List<String> named = List.of();

    Cordon(Verb verb, EndpointFinder finder) {
        this.verb = verb;
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() throws InterruptedException {
        return connection.run(this::tell);
    }

    /** All are looked for before the first is told anything. */
    private int tell(FleetClient fleet) {
        Machines machines = Machines.of(fleet);
        Set<String> ids = new LinkedHashSet<>(named.stream().map(machines::named).toList());
        for (String id : ids) {
            fleet.setEligibility(id, verb.eligibility);
            System.out.println(verb.past + " " + machines.label(id));
        }
        return 0;
    }
}
