package flotilla.cloudconfig.plan;

import flotilla.cloudconfig.document.Belonging;
import flotilla.cloudconfig.document.CloudConfig.WrittenFile;
import flotilla.cloudconfig.document.User;
import flotilla.machine.Init.JobVerb;
import flotilla.machine.Init.UnitDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One thing to do to a machine. */
public sealed interface Action {
    /** For people, in one line. */
    String summary();

    record SetHostname(String hostname) implements Action {
        @Override
        public String summary() {
            return "set the host name to " + hostname;
        }
    }

    /** Makes an account, or gives one that is there the password and the groups that it lacks. */
    record ProvideUser(User user) implements Action {
        @Override
        public String summary() {
            List<String> parts = new ArrayList<>();
            if (user.system()) {
                parts.add("a system account");
            }
            user.comment().ifPresent(comment -> parts.add("called \"" + comment + "\""));
            user.password().ifPresent(_ -> parts.add("with the password given"));
            if (!user.makeHome()) {
                parts.add("no home made");
            }
            user.home().ifPresent(home -> parts.add("home " + home));
            user.shell().ifPresent(shell -> parts.add("shell " + shell));
            user.primaryGroup().ifPresent(group -> parts.add("primary group " + group));
            if (!user.ownGroup()) {
                parts.add("no group of its own");
            }
            if (!user.groups().isEmpty()) {
                parts.add("member of " + String.join(" and ", user.groups()));
            }
            return "make user %s, or give it what it lacks%s%s"
                    .formatted(user.name(), parts.isEmpty() ? "" : ": ", String.join(", ", parts));
        }
    }

    /**
     * Makes the user that a machine of CoreOS's has from the start, if this one has none.
     *
     * @param name of that user
     */
    record ProvideCore(String name) implements Action {
        @Override
        public String summary() {
            return "make user " + name + " if there is none";
        }
    }

    /**
     * @param name under which these keys are kept apart from others of the user
     */
    record AuthorizeKeys(String user, String name, List<String> keys) implements Action {
        @Override
        public String summary() {
            return "let %d ssh key%s in as %s"
                    .formatted(keys.size(), keys.size() == 1 ? "" : "s", user);
        }
    }

    record WriteFile(WrittenFile file) implements Action {
        @Override
        public String summary() {
            return "write %s (%d bytes, mode %04o)"
                    .formatted(file.path(), file.content().length, file.permissions());
        }
    }

    /** Variables to be in /etc/environment; others there stay. */
    record WriteEnvironment(Map<String, String> variables) implements Action {
        @Override
        public String summary() {
            return "set in /etc/environment: " + String.join(", ", variables.keySet());
        }
    }

    /**
     * @param name a unit's, or a drop-in's such as {@code etcd.service.d/20-cloudinit.conf}
     */
    record WriteUnit(String name, UnitDirectory directory, String content) implements Action {
        @Override
        public String summary() {
            String place = directory == UnitDirectory.RUNTIME ? "/run" : "/etc";
            return "write " + place + "/systemd/system/" + name;
        }
    }

    record Mask(String unit, UnitDirectory directory) implements Action {
        @Override
        public String summary() {
            return "mask " + unit;
        }
    }

    record Unmask(String unit, UnitDirectory directory) implements Action {
        @Override
        public String summary() {
            return "unmask " + unit;
        }
    }

    record Enable(String unit, UnitDirectory directory) implements Action {
        @Override
        public String summary() {
            return "enable " + unit;
        }
    }

    record Reload() implements Action {
        @Override
        public String summary() {
            return "read all unit files again";
        }
    }

    /** Comes to a cluster, once: afterwards it is one of its machines. */
    record Belong(Belonging how) implements Action {
        @Override
        public String summary() {
            return switch (how) {
                case Belonging.First first ->
                        "begin cluster "
                                + first.name().orElse("of a random name")
                                + ", unless it has begun";
                case Belonging.Another another ->
                        "join the cluster of %s by the token given, unless it is in"
                                .formatted(another.url());
            };
        }
    }

    record RunJob(JobVerb verb, String unit) implements Action {
        @Override
        public String summary() {
            return verb.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-') + " " + unit;
        }
    }
}
