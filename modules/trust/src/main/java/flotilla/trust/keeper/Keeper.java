package flotilla.trust.keeper;

import flotilla.client.EtcdClientException;
import flotilla.platform.Registration;
import flotilla.platform.disk.AtomicFile;
import flotilla.trust.authority.Authority;
import flotilla.trust.authority.Certified;
import flotilla.trust.authority.Profile;
import flotilla.trust.authority.Profile.Kind;
import flotilla.trust.home.StoreCopies;
import flotilla.trust.home.TrustHome;
import flotilla.trust.registry.Registry;
import flotilla.trust.registry.Registry.Roll;
import flotilla.trust.registry.UnreadableException;
import flotilla.trust.token.Member;
import flotilla.trust.token.Role;
import flotilla.trust.token.Verdict;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One loop that looks, now and then and whenever the roll of machines changes, who was put out, and
 * whether this machine's certificates are to be renewed. Who was put out is written to the files
 * that ports read, before those who serve are told to cut what is open.
 */
public final class Keeper implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Keeper.class);

    /** How often it looks when nothing changes. */
    private static final Duration LOOK = Duration.ofSeconds(30);

    private final Parts parts;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean awake = true;
    private boolean closed;
    private String trouble = "";

    /**
     * What it works with.
     *
     * @param succession has this machine sign too, if it is to
     * @param signers where others sign, as far as the settings say
     * @param endpoint where a machine with that address signs, if it does
     * @param onDenied told of all identities that were put out, after each look
     */
    public record Parts(
            TrustHome home,
            StoreCopies copies,
            Registry registry,
            Renewer renewer,
            Succession succession,
            List<URI> signers,
            Function<String, URI> endpoint,
            Consumer<Set<String>> onDenied) {
        public Parts {
            signers = List.copyOf(signers);
        }
    }

    private Keeper(Parts parts) {
        this.parts = parts;
        this.thread = Thread.ofPlatform().daemon().name("trust-keeper").unstarted(this::run);
    }

    public static Keeper start(Parts parts) {
        Keeper keeper = new Keeper(parts);
        keeper.thread.start();
        return keeper;
    }

    private void run() {
        try (Registration _ = parts.registry().onMembersChange(this::wake)) {
            while (awaitWork()) {
                look();
            }
        } catch (InterruptedException e) {
            log.debug("ending", e);
        }
    }

    private void wake() {
        lock.lock();
        try {
            awake = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is any more. */
    private boolean awaitWork() throws InterruptedException {
        lock.lock();
        try {
            long leftNanos = LOOK.toNanos();
            while (!awake && !closed && leftNanos > 0) {
                leftNanos = changed.awaitNanos(leftNanos);
            }
            awake = false;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void look() throws InterruptedException {
        List<URI> signers = parts.signers();
        try {
            Roll roll = parts.registry().read();
            deny(roll.members());
            tellEnd(roll);
            if (Authority.isIn(parts.home().authority())) {
                parts.home().remembered().keep(roll.members());
            }
            parts.succession().look(parts.registry(), roll, endpoints(roll.signing()));
            signers =
                    Stream.of(endpoints(roll.signing()), signers, endpoints(members(roll)))
                            .flatMap(List::stream)
                            .distinct()
                            .toList();
            trouble = "";
        } catch (EtcdClientException | UnreadableException | IOException e) {
            tell("can't look who was put out: " + e.getMessage());
        }
        try {
            if (parts.renewer().renewIfDue(signers)) {
                tellEnd(parts.registry().read());
            }
        } catch (IOException | RuntimeException e) {
            tell("can't see to this machine's certificates: " + e.getMessage());
        }
    }

    /**
     * One that signs its own has asked nobody who would have remembered it; nor had others who were
     * asked when the store was away.
     */
    private void tellEnd(Roll roll) throws IOException {
        Certified own = parts.home().self();
        roll.member(own.subject())
                .filter(known -> !known.denied() && known.expiresAtMillis() != own.endMillis())
                .map(known -> known.until(own.endMillis()))
                .ifPresent(now -> {
                    // When others change the roll at this moment it is told after the next time.
                    var _ =
                            parts.registry()
                                    .write(
                                            roll,
                                            new Verdict.Admitted(
                                                    Optional.empty(), now, own.endMillis()));
                });
    }

    /** Once, as long as it is the same. */
    private void tell(String words) {
        if (!words.equals(trouble)) {
            log.warn(words);
            trouble = words;
        }
    }

    private static List<Member> members(Roll roll) {
        return roll.members().stream()
                .filter(member -> member.role() == Role.MEMBER && !member.denied())
                .toList();
    }

    private List<URI> endpoints(List<Member> machines) {
        return machines.stream()
                .flatMap(member -> member.addresses().stream().limit(1))
                .map(parts.endpoint())
                .toList();
    }

    private void deny(Collection<Member> members) throws IOException {
        String cluster = parts.home().self().cluster();
        Set<String> denied =
                members.stream()
                        .filter(Member::denied)
                        .flatMap(member ->
                                Stream.of(Kind.MACHINE, Kind.PEER)
                                        .map(kind ->
                                                Profile.identity(
                                                        cluster, kind, member.machineId())))
                        .map(URI::toString)
                        .collect(Collectors.toCollection(TreeSet::new));
        String text = denied.stream().map(one -> one + "\n").collect(Collectors.joining());
        var file = parts.home().credentials().denied();
        if (!Files.exists(file) || !Files.readString(file).equals(text)) {
            AtomicFile.at(file).replace(text);
            log.info("{} machines were put out of the cluster, in all", denied.size() / 2);
        }
        parts.copies().refresh(parts.home().credentials());
        parts.onDenied().accept(denied);
    }

    /** Breaks off what it is about. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
