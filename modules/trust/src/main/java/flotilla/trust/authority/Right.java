package flotilla.trust.authority;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What somebody may do to a cluster; each may what those before it may. */
public enum Right {
    /** What a machine needs of another one. No operator has only that. */
    MACHINE,
    /** Look, and change nothing. */
    READ,
    /** Have units run, which is as much as root on each machine, and say where. */
    OPERATE,
    /** Say who belongs to the cluster, and who may do what. */
    ADMIN;

    /** As certificates and commands say it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** One that an operator may have, by its word. */
    public static Optional<Right> ofOperator(String word) {
        return Arrays.stream(values())
                .filter(right -> right != MACHINE && right.word().equals(word))
                .findFirst();
    }

    public boolean covers(Right asked) {
        return compareTo(asked) >= 0;
    }
}
