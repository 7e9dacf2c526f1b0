package flotilla.cli.trust;

import flotilla.cli.command.Listing;
import flotilla.cli.fleetctl.Connection;
import flotilla.cli.fleetctl.EndpointFinder;
import flotilla.cli.table.Table;
import flotilla.trust.api.MemberBody;
import flotilla.trust.api.TrustClient;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "certificates",
        mixinStandardHelpOptions = true,
        description =
                "List the machines that were let in by a token, and when what they show ends.",
        footer = {
            "",
            "Certificates are renewed at half of their life, of 7 days; one that ends soon belongs to",
            "a machine that is off, or can't reach one that signs.",
            "Fields: name, machine, ips, role, expires, state, signs: whether it lets others in"
        })
final class MachineCertificates implements Callable<Integer> {
    private static final int SHORT_ID = 8;

    @Mixin private final Connection connection;
    @Mixin private Listing listing = new Listing();

    MachineCertificates(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() {
        List<MemberBody> machines = Asking.of(connection, TrustClient::machines);
        Table<MemberBody> table =
                new Table<MemberBody>()
                        .field("name", MemberBody::name)
                        .field("machine", machine -> id(machine.machineId()))
                        .field("ips", machine -> String.join(",", machine.addresses()))
                        .field("role", MemberBody::role)
                        .field("expires", MemberBody::expiresAt)
                        .field("state", machine -> machine.denied() ? "revoked" : "in")
                        .field("signs", machine -> machine.signs() ? "yes" : "");
        return listing.print(
                table,
                List.of("name", "machine", "role", "expires", "state", "signs"),
                machines,
                machines);
    }

    private String id(String id) {
        return listing.full() || id.length() <= SHORT_ID ? id : id.substring(0, SHORT_ID) + "...";
    }
}
