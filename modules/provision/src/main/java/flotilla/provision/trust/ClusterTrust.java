package flotilla.provision.trust;

import flotilla.client.ClientConfig;
import flotilla.client.EtcdClient;
import flotilla.client.EtcdClientException;
import flotilla.platform.Clock;
import flotilla.platform.disk.AtomicFile;
import flotilla.platform.disk.Disk;
import flotilla.platform.tls.TlsFiles;
import flotilla.provision.Machine;
import flotilla.provision.ProvisionException;
import flotilla.trust.authority.Authority;
import flotilla.trust.authority.CertificateRequest;
import flotilla.trust.authority.Certified;
import flotilla.trust.authority.OwnKey;
import flotilla.trust.authority.Profile;
import flotilla.trust.authority.Right;
import flotilla.trust.home.TrustHome;
import flotilla.trust.home.UnitSettings;
import flotilla.trust.home.UnitSettings.Beginning;
import flotilla.trust.join.Issuer;
import flotilla.trust.join.Joiner.Self;
import flotilla.trust.registry.Registry;
import flotilla.trust.token.Member;
import flotilla.trust.token.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The certificate authority of a cluster that a provider makes, kept on the machine that the
 * provider runs on: it signs for the machines before they boot, as {@code flotilla init} and {@code
 * join} have it signed for others. So none of them speaks plainly even once.
 *
 * @param directory the cluster's own, for root alone; the authority is below it
 */
public record ClusterTrust(Path directory) {
    /** Machines that sign: one may be lost, and another still lets in who comes. */
    private static final int SIGNERS = 3;

    private static final String OPERATOR_NAME = "up";
    private static final Duration OPERATOR_LIFE = Duration.ofDays(7);
    private static final int ID_BYTES = 5;

    /** Elections, and a machine that is busy with its boot. */
    private static final Duration STORE_PATIENCE = Duration.ofSeconds(30);

    private static final long PAUSE_MILLIS = 200;

    private Path authorityHome() {
        return directory.resolve("authority");
    }

    /** Where the files are with which fleet of a machine is asked from elsewhere. */
    public Path operator() {
        return directory.resolve("operator");
    }

    /** Whether there is an authority. */
    public boolean isThere() {
        return Authority.isIn(authorityHome());
    }

    /** Makes the authority, if there is none, and an operator's certificate that counts anew. */
    public void prepare() {
        try {
            if (!isThere()) {
                byte[] id = new byte[ID_BYTES];
                new SecureRandom().nextBytes(id);
                Authority.create(HexFormat.of().formatHex(id), Instant.now()).keep(authorityHome());
            }
            keepOperator(authority());
        } catch (IOException e) {
            throw new ProvisionException("can't make the cluster's certificates", e);
        }
    }

    private Authority authority() throws IOException {
        return Authority.open(authorityHome());
    }

    private void keepOperator(Authority authority) throws IOException {
        Instant now = Instant.now();
        OwnKey key = OwnKey.generate();
        String certificate =
                authority.sign(
                        CertificateRequest.parse(key.request()),
                        new Profile(
                                Profile.Kind.OPERATOR,
                                authority.cluster(),
                                Profile.operator(Right.ADMIN, OPERATOR_NAME),
                                List.of(),
                                now.minus(Authority.HEAD_START),
                                now.plus(OPERATOR_LIFE)));
        Files.createDirectories(
                operator(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        AtomicFile.secretAt(operator().resolve("key.pem")).replace(key.pem());
        AtomicFile.secretAt(operator().resolve("ca.pem")).replace(authority.certificatePem());
        AtomicFile.secretAt(operator().resolve("cert.pem")).replace(certificate);
    }

    /**
     * Gives a machine its certificates, and has its services speak by them alone. May be repeated.
     *
     * @param all addresses of the new cluster's machines by name, its own among them
     */
    public void equip(NewMachine machine, SequencedMap<String, String> all) throws IOException {
        Authority authority = authority();
        TrustHome home = machine.home();
        shared(home.directory().resolveSibling(""));
        var _ =
                new Issuer(authority.cluster(), authority, Clock.system())
                        .found(home.credentials(), self(machine));
        if (all.sequencedKeySet().stream().limit(SIGNERS).anyMatch(machine.name()::equals)) {
            authority.keep(home.authority());
        }
        machine.copies().bring(home.credentials());
        UnitSettings settings = new UnitSettings(home, machine.root(), true);
        settings.tellStore(
                machine.name(),
                machine.address(),
                new Beginning(authority.cluster(), members(all), false),
                machine.copies());
        settings.tellFleet(
                machine.address(),
                Stream.concat(Stream.of(machine.address()), all.values().stream())
                        .map(address -> UnitSettings.url(address, UnitSettings.CLIENT_PORT))
                        .distinct()
                        .toList());
        home.settle();
    }

    /** Services of other users have theirs there too. */
    private static void shared(Path parent) throws IOException {
        Files.createDirectories(parent);
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Self self(NewMachine machine) {
        return new Self(machine.machineId(), machine.name(), List.of(machine.address()));
    }

    private static String members(SequencedMap<String, String> all) {
        return all.entrySet().stream()
                .map(one ->
                        one.getKey()
                                + "="
                                + UnitSettings.url(one.getValue(), UnitSettings.PEER_PORT))
                .collect(Collectors.joining(","));
    }

    /** What a machine shows, for who asks its store from here. */
    public static TlsFiles asMachine(Path root) {
        return TrustHome.below(root).credentials().asMachine();
    }

    /** Leaves nothing of it here; what machines have stays theirs. */
    public void remove() throws IOException {
        Disk.deleteTree(authorityHome());
        Disk.deleteTree(operator());
    }

    /**
     * Has the cluster remember machines that no token admitted, so that they may renew, or be put
     * out. May be repeated. Blocks.
     *
     * @param roots of the machines, in their order
     */
    public void enrol(List<Machine> machines, List<Path> roots) throws InterruptedException {
        Path note = authorityHome().resolve("enrolled");
        String ids =
                machines.stream()
                        .map(Machine::machineId)
                        .collect(Collectors.joining("\n", "", "\n"));
        try {
            if (!Files.exists(note) || !Files.readString(note).equals(ids)) {
                enrolAll(machines, roots);
                AtomicFile.at(note).replace(ids);
            }
        } catch (IOException e) {
            throw new ProvisionException("can't use the certificates of the machines", e);
        }
    }

    private static void enrolAll(List<Machine> machines, List<Path> roots)
            throws IOException, InterruptedException {
        try (EtcdClient store = EtcdClient.connect(store(machines, roots.getFirst()))) {
            Registry registry = new Registry(store);
            for (int i = 0; i < machines.size(); i++) {
                enrol(registry, member(machines.get(i), roots.get(i)));
            }
        }
    }

    private static ClientConfig store(List<Machine> machines, Path root) throws IOException {
        return ClientConfig.of(
                        machines.stream()
                                .map(one ->
                                        UnitSettings.url(one.address(), UnitSettings.CLIENT_PORT))
                                .toList())
                .withTls(asMachine(root));
    }

    private static Member member(Machine machine, Path root) throws IOException {
        Certified own = TrustHome.below(root).self();
        return new Member(
                machine.machineId(),
                machine.name(),
                List.of(machine.address()),
                own.keyHash(),
                Role.MEMBER,
                own.endMillis(),
                false);
    }

    private static void enrol(Registry registry, Member member) throws InterruptedException {
        long deadline = System.nanoTime() + STORE_PATIENCE.toNanos();
        while (true) {
            String why;
            try {
                if (registry.enrol(member)) {
                    return;
                }
                why = "others change the same";
            } catch (EtcdClientException e) {
                why = String.valueOf(e.getMessage());
            }
            if (System.nanoTime() > deadline) {
                throw new ProvisionException(
                        "the store does not remember %s: %s; ./flotilla up tries again"
                                .formatted(member.name(), why));
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }
}
