package flotilla.cloudconfig.document;

import flotilla.cloudconfig.document.Field.Fields;
import flotilla.cloudconfig.document.Field.Place;
import flotilla.cloudconfig.document.User.PasswordHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * users: accounts, each told from passwd(5) and from useradd(8)'s options by what may be in its
 * texts. An account of which a part is wrong is not made, nor touched, at all.
 */
final class Users {
    /** Each costs a handful of processes. */
    static final int USERS_MAX = 100;

    /** NGROUPS_MAX of Linux before 2.6.4: more than anybody's. */
    static final int GROUPS_MAX = 32;

    /** A line of passwd(5) is read in pieces of 1024 bytes by some. */
    private static final int TEXT_CHARS_MAX = 255;

    /** LOGIN_NAME_MAX of useradd(8): 32 characters; more than digits, so that it is no number. */
    private static final Pattern NAME =
            Pattern.compile("(?=.*[^0-9])[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}");

    /** A number too: useradd takes one. */
    private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}");

    /** What crypt(5) makes has neither colons nor white space. */
    private static final Pattern HASH = Pattern.compile("[!-9;-~]{1,511}");

    /** With a method's name, DES's 13 characters, or nothing that any password gives. */
    private static final Pattern LIKELY_HASH =
            Pattern.compile("\\$.+|_.{19}|[./0-9A-Za-z]{13}|[*!].*");

    /** The original fetched keys from elsewhere, and warned of it. */
    private static final List<String> FETCHED =
            List.of(
                    "coreos_ssh_import_github",
                    "coreos_ssh_import_github_users",
                    "coreos_ssh_import_url");

    private final Problems problems;

    Users(Problems problems) {
        this.problems = problems;
    }

    List<User> read(List<Field> items) {
        List<User> users = new ArrayList<>();
        for (Field item : items) {
            if (!(item instanceof Fields fields)) {
                continue;
            }
            if (users.size() == USERS_MAX) {
                problems.error(fields.place(), "there are more users than %d".formatted(USERS_MAX));
                break;
            }
            user(fields).ifPresent(users::add);
        }
        return users;
    }

    private Optional<User> user(Fields fields) {
        fetched(fields);
        int before = problems.errors();
        User user =
                new User(
                        name(fields),
                        password(fields),
                        new SshKeys(problems).read(fields.items("ssh_authorized_keys")),
                        text(
                                fields,
                                "gecos",
                                Users::fitsPasswd,
                                "a text of one line without a colon"),
                        text(fields, "homedir", Users::isPath, "a path that begins with /"),
                        !fields.flag("no_create_home"),
                        text(
                                fields,
                                "primary_group",
                                group -> GROUP.matcher(group).matches(),
                                "the name of a group"),
                        !fields.flag("no_user_group"),
                        groups(fields),
                        fields.flag("system"),
                        !fields.flag("no_log_init"),
                        text(fields, "shell", Users::isPath, "a path that begins with /"));
        return problems.errors() > before || hasBad(fields) ? Optional.empty() : Optional.of(user);
    }

    private static boolean hasBad(Fields fields) {
        return fields.hasBad()
                || Stream.of("groups", "ssh_authorized_keys")
                        .flatMap(key -> fields.items(key).stream())
                        .anyMatch(Field.Bad.class::isInstance);
    }

    private void fetched(Fields fields) {
        for (String key : FETCHED) {
            if (fields.byKey().containsKey(key)) {
                problems.warning(
                        fields.placeOf(key),
                        "\"%s\" is not done: no keys are fetched from elsewhere; put them below \"ssh_authorized_keys:\" of this user"
                                .formatted(key));
            }
        }
    }

    /** Any text when it is wrong, which was told. */
    private String name(Fields fields) {
        String name = fields.text("name");
        if (name.isEmpty()) {
            if (!(fields.byKey().get("name") instanceof Field.Bad)) {
                problems.error(fields.place(), "a user needs a name");
            }
        } else if (!NAME.matcher(name).matches()) {
            problems.error(
                    fields.placeOf("name"),
                    "\"%s\" is no user's name: letters, digits, dots, dashes and underscores, 32 at most, not digits alone, no dot or dash first"
                            .formatted(name));
        }
        return name;
    }

    /** What is wrong with it is told without it. */
    private Optional<PasswordHash> password(Fields fields) {
        String hash = fields.text("passwd");
        if (hash.isEmpty()) {
            return Optional.empty();
        }
        if (!HASH.matcher(hash).matches()) {
            problems.error(
                    fields.placeOf("passwd"),
                    "this is no hash of a password: it has a colon, white space or a strange character, or is too long; make one by \"openssl passwd -6\"");
            return Optional.empty();
        }
        if (!LIKELY_HASH.matcher(hash).matches()) {
            problems.warning(
                    fields.placeOf("passwd"),
                    "this does not look like the hash of a password, and a password itself lets nobody in: make a hash by \"openssl passwd -6\"");
        }
        return Optional.of(new PasswordHash(hash));
    }

    private List<String> groups(Fields fields) {
        List<String> groups = new ArrayList<>();
        for (Field item : fields.items("groups")) {
            if (!(item instanceof Field.Text(Place place, String group)) || group.isEmpty()) {
                continue;
            }
            if (!GROUP.matcher(group).matches()) {
                problems.error(
                        place,
                        "\"%s\" is no group's name: give one in each entry".formatted(group));
            } else if (groups.size() == GROUPS_MAX) {
                problems.error(place, "more groups than %d for one user".formatted(GROUPS_MAX));
                break;
            } else if (!groups.contains(group)) {
                groups.add(group);
            }
        }
        return groups;
    }

    private Optional<String> text(
            Fields fields, String key, Predicate<String> allowed, String words) {
        String text = fields.text(key);
        if (text.isEmpty() || allowed.test(text)) {
            return Values.given(text);
        }
        problems.error(
                fields.placeOf(key),
                "the \"%s\" \"%s\" must be %s, %d characters at most"
                        .formatted(key, text, words, TEXT_CHARS_MAX));
        return Optional.empty();
    }

    private static boolean isPath(String text) {
        return text.startsWith("/") && fitsPasswd(text) && !List.of(text.split("/")).contains("..");
    }

    private static boolean fitsPasswd(String text) {
        return text.length() <= TEXT_CHARS_MAX && text.indexOf(':') < 0 && !Values.hasControl(text);
    }
}
