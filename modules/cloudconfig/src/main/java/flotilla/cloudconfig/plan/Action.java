package flotilla.cloudconfig.plan;

import flotilla.cloudconfig.document.CloudConfig.WrittenFile;
import flotilla.machine.Init.JobVerb;
import flotilla.machine.Init.UnitDirectory;
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

    record RunJob(JobVerb verb, String unit) implements Action {
        @Override
        public String summary() {
            return verb.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-') + " " + unit;
        }
    }
}
