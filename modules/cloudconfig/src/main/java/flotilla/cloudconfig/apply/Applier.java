package flotilla.cloudconfig.apply;

import flotilla.cloudconfig.document.CloudConfig.WrittenFile;
import flotilla.cloudconfig.document.User;
import flotilla.cloudconfig.plan.Action;
import flotilla.cloudconfig.plan.EnvironmentFile;
import flotilla.cloudconfig.plan.Plan;
import flotilla.machine.Host;
import flotilla.machine.Init;
import flotilla.machine.Init.JobResult;
import flotilla.machine.Ports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Does what a plan says to a machine. Stops at the first action that fails, as the original did;
 * what was done before it stays. Every file is replaced whole or not at all.
 */
public final class Applier {
    private static final String ENVIRONMENT = "/etc/environment";
    private static final int PUBLIC = 0644;

    /** Of /etc/environment. */
    private static final int ENVIRONMENT_BYTES_MAX = 1 << 20;

    private final Path root;
    private final Accounts accounts;
    private final Init init;
    private final Host host;
    private final Membership membership;
    private final Consumer<String> progress;

    /**
     * @param root the directory that is the machine's /. When it is that of this host, and this
     *     process is root's, accounts are made; else they are left alone, which is said
     * @param progress is told of each action before it is done
     */
    public Applier(Path root, Ports ports, Consumer<String> progress) {
        this(root, Accounts.of(root, progress), ports, progress);
    }

    Applier(Path root, Accounts accounts, Ports ports, Consumer<String> progress) {
        this(root, accounts, new Around(ports, Membership.NONE), progress);
    }

    private Applier(Path root, Accounts accounts, Around around, Consumer<String> progress) {
        this.root = root;
        this.accounts = accounts;
        this.init = around.ports().init();
        this.host = around.ports().host();
        this.membership = around.membership();
        this.progress = progress;
    }

    /**
     * What a machine offers.
     *
     * @param membership how it comes to a cluster
     */
    public record Around(Ports ports, Membership membership) {}

    /** The same for a machine that can come to a cluster. */
    public Applier(Path root, Around around, Consumer<String> progress) {
        this(root, Accounts.of(root, progress), around, progress);
    }

    /**
     * Blocks until all is done, jobs too.
     *
     * @throws IOException which action failed, and why; a bug in doing one too, so that no document
     *     ends the machine
     */
    public void apply(Plan plan) throws IOException, InterruptedException {
        for (Action action : plan.actions()) {
            progress.accept(action.summary());
            try {
                perform(action);
            } catch (IOException | RuntimeException e) {
                throw new IOException("can't " + action.summary() + ": " + reason(e), e);
            }
        }
    }

    private static String reason(Exception e) {
        return e instanceof IOException && e.getMessage() != null ? e.getMessage() : e.toString();
    }

    private void perform(Action action) throws IOException, InterruptedException {
        switch (action) {
            case Action.SetHostname(String hostname) -> {
                write("/etc/hostname", (hostname + "\n").getBytes(StandardCharsets.UTF_8));
                host.rename(hostname);
            }
            case Action.ProvideUser(User user) -> accounts.provide(user);
            case Action.ProvideCore(String core) -> accounts.provideCore(core);
            case Action.AuthorizeKeys keys ->
                    new SshDirectory(MachineTree.at(root), accounts.home(keys.user()))
                            .authorize(keys);
            case Action.WriteFile(WrittenFile file) -> write(file);
            case Action.WriteEnvironment(var variables) -> environment(variables);
            case Action.WriteUnit unit -> init.write(unit.directory(), unit.name(), unit.content());
            case Action.Mask(String unit, var directory) -> init.mask(unit, directory);
            case Action.Unmask(String unit, var directory) -> init.unmask(unit, directory);
            case Action.Enable(String unit, var directory) -> init.enable(unit, directory);
            case Action.Reload() -> done(init.reload());
            case Action.Belong(var how) -> membership.take(how);
            case Action.RunJob(var verb, String unit) -> run(verb, unit);
        }
    }

    /** Byte for byte: what others wrote there may be in any encoding. */
    private void environment(Map<String, String> variables) throws IOException {
        String before =
                MachineTree.at(root)
                        .at(ENVIRONMENT, (etc, name) -> etc.read(name, ENVIRONMENT_BYTES_MAX))
                        .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                        .orElse("");
        String after = EnvironmentFile.merge(before, variables);
        if (!after.equals(before)) {
            write(ENVIRONMENT, after.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private void run(Init.JobVerb verb, String unit) throws IOException, InterruptedException {
        JobResult result = done(init.job(verb, unit));
        if (result != JobResult.DONE && result != JobResult.SKIPPED) {
            throw new IOException("the job ended as " + result + ":\n" + init.status(unit));
        }
    }

    private static <T> T done(Future<T> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException known) {
                throw known;
            }
            throw new IOException(String.valueOf(e.getCause()), e);
        }
    }

    private void write(String path, byte[] content) throws IOException {
        write(new WrittenFile(path, content, PUBLIC, Optional.empty()));
    }

    private void write(WrittenFile file) throws IOException {
        MachineTree.at(root)
                .at(
                        file.path(),
                        (directory, name) -> {
                            directory.replace(
                                    name, file.content(), file.permissions(), file.owner());
                            return file;
                        });
    }
}
