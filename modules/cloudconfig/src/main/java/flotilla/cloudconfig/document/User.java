package flotilla.cloudconfig.document;

import java.util.List;
import java.util.Optional;

/**
 * One of {@code users:}: an account to be made, or to be given what it lacks. Every text is safe in
 * a line of passwd(5) and as an argument of useradd(8).
 *
 * @param password for the account; empty lets nobody in by one
 * @param comment the field of passwd(5) that is called gecos
 * @param home its directory; what useradd takes when not given
 * @param makeHome whether that directory is made with it
 * @param primaryGroup that its files belong to, which must be there; one of its own when not given
 * @param ownGroup whether one of its name is made with it
 * @param groups that it is a member of besides, which must be there
 * @param system whether it is a service's, not a person's
 * @param logInit whether it gets an entry in the files of logins
 */
public record User(
        String name,
        Optional<PasswordHash> password,
        List<String> sshAuthorizedKeys,
        Optional<String> comment,
        Optional<String> home,
        boolean makeHome,
        Optional<String> primaryGroup,
        boolean ownGroup,
        List<String> groups,
        boolean system,
        boolean logInit,
        Optional<String> shell) {
    public User {
        sshAuthorizedKeys = List.copyOf(sshAuthorizedKeys);
        groups = List.copyOf(groups);
    }

    /** Of crypt(5), as chpasswd -e takes it. It is in no text that is made of it. */
    public record PasswordHash(String crypt) {
        @Override
        public String toString() {
            return "the hash of a password";
        }
    }
}
