package flotilla.cloudconfig.apply;

import flotilla.cloudconfig.document.User;
import flotilla.cloudconfig.document.User.PasswordHash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * The accounts of this host, by the programs that every distribution has for them: getent(1),
 * id(1), useradd(8), usermod(8), chpasswd(8). Needs root. The hash of a password goes to the one
 * that takes it on its input: everybody sees arguments.
 */
final class HostAccounts implements Accounts {
    /** getent(1): no such entry. */
    private static final int NOT_FOUND = 2;

    /** passwd(5): name, password, uid, gid, comment, home, shell. */
    private static final int FIELDS = 7;

    /** What a new account has for a password when none is given: none that anybody could give. */
    private static final String NO_PASSWORD = "*";

    /** Those of CoreOS's user, where the machine has them. */
    private static final List<String> CORE_GROUPS = List.of("sudo", "docker", "fleet");

    private static final String CORE_SHELL = "/bin/bash";

    /** What accounts have for a home that are to have none (Debian Policy 9.2.3). */
    private static final List<String> NO_HOMES = List.of("/nonexistent", "/dev/null", "/", "");

    private final Programs programs;
    private final Consumer<String> progress;

    HostAccounts(Consumer<String> progress) {
        this(new Programs(List.of()), progress);
    }

    HostAccounts(Programs programs, Consumer<String> progress) {
        this.programs = programs;
        this.progress = progress;
    }

    @Override
    public void provide(User user) throws IOException, InterruptedException {
        List<String> wanted = new ArrayList<>(user.groups());
        user.primaryGroup().ifPresent(wanted::add);
        for (String group : wanted) {
            if (!hasGroup(group)) {
                throw new IOException(
                        "there is no group \"%s\" on this machine: make it first, or leave it out"
                                .formatted(group));
            }
        }
        if (passwd(user.name()).isPresent()) {
            progress.accept(
                    "user %s is there: its home, shell and the like stay as they are"
                            .formatted(user.name()));
            join(user);
        } else {
            programs.need(useradd(user), "");
        }
        if (user.password().isPresent()) {
            setPassword(user.name(), user.password().get());
        }
    }

    private List<String> useradd(User user) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("useradd", "--password", NO_PASSWORD));
        user.comment().ifPresent(comment -> command.addAll(List.of("--comment", comment)));
        user.home().ifPresent(home -> command.addAll(List.of("--home-dir", home)));
        command.add(user.makeHome() ? "--create-home" : "--no-create-home");
        if (user.primaryGroup().isPresent()) {
            command.addAll(List.of("--gid", user.primaryGroup().get()));
        } else if (!user.ownGroup()) {
            command.add("--no-user-group");
        } else {
            command.addAll(ownGroup(user.name()));
        }
        if (!user.groups().isEmpty()) {
            command.addAll(List.of("--groups", String.join(",", user.groups())));
        }
        if (user.system()) {
            command.add("--system");
        }
        if (!user.logInit()) {
            command.add("--no-log-init");
        }
        user.shell().ifPresent(shell -> command.addAll(List.of("--shell", shell)));
        command.addAll(List.of("--", user.name()));
        return command;
    }

    /** A group of the user's name that is there already is the user's: useradd would give up. */
    private List<String> ownGroup(String name) throws IOException, InterruptedException {
        return hasGroup(name) ? List.of("--gid", name) : List.of("--user-group");
    }

    private void join(User user) throws IOException, InterruptedException {
        if (user.groups().isEmpty()) {
            return;
        }
        List<String> has = new ArrayList<>();
        for (String form : List.of("-Gn", "-G")) {
            has.addAll(List.of(programs.need(List.of("id", form, user.name()), "").split("\\s+")));
        }
        List<String> missing =
                user.groups().stream().filter(group -> !has.contains(group)).toList();
        if (!missing.isEmpty()) {
            programs.need(
                    List.of(
                            "usermod",
                            "--append",
                            "--groups",
                            String.join(",", missing),
                            "--",
                            user.name()),
                    "");
        }
    }

    private void setPassword(String name, PasswordHash hash)
            throws IOException, InterruptedException {
        try {
            programs.need(List.of("chpasswd", "-e"), name + ":" + hash.crypt() + "\n");
        } catch (IOException e) {
            // Without its cause: what a program says of its input is not for a log.
            throw new IOException(
                    String.valueOf(e.getMessage()).replace(hash.crypt(), hash.toString()));
        }
    }

    @Override
    public void provideCore(String name) throws IOException, InterruptedException {
        if (passwd(name).isPresent()) {
            return;
        }
        List<String> groups = new ArrayList<>();
        for (String group : CORE_GROUPS) {
            if (hasGroup(group)) {
                groups.add(group);
            }
        }
        provide(
                new User(
                        name,
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        Optional.of(Home.byName(name).path()),
                        true,
                        Optional.empty(),
                        true,
                        groups,
                        false,
                        true,
                        Optional.of(CORE_SHELL)));
    }

    @Override
    public Home home(String user) throws IOException, InterruptedException {
        List<String> fields =
                passwd(user)
                        .orElseThrow(() ->
                                new IOException(
                                        "there is no user \"%s\" on this machine".formatted(user)));
        String home = fields.get(5);
        if (NO_HOMES.contains(home)) {
            throw new IOException(
                    "user %s has no home (%s), so that its keys have no place: give it one by usermod --home"
                            .formatted(user, home));
        }
        return new Home(
                home,
                OptionalInt.of(Integer.parseInt(fields.get(2))),
                OptionalInt.of(Integer.parseInt(fields.get(3))));
    }

    private Optional<List<String>> passwd(String user) throws IOException, InterruptedException {
        Programs.Output output = programs.run(List.of("getent", "passwd", user), "");
        if (output.code() == NOT_FOUND) {
            return Optional.empty();
        }
        List<String> fields = List.of(output.needed().strip().split(":", -1));
        if (fields.size() != FIELDS) {
            throw new IOException("getent has a strange line for user " + user);
        }
        return Optional.of(fields);
    }

    private boolean hasGroup(String group) throws IOException, InterruptedException {
        Programs.Output output = programs.run(List.of("getent", "group", group), "");
        if (output.code() == NOT_FOUND) {
            return false;
        }
        output.needed();
        return true;
    }
}
