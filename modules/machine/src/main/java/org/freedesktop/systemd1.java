package org.freedesktop;

import org.freedesktop.dbus.exceptions.DBusExecutionException;

/**
 * systemd's errors by their names on the bus: where the library finds a class of an error's name it
 * throws that one, and else one that has forgotten the name. So name and place are not ours to
 * choose. Only those that make a difference to somebody.
 */
@SuppressWarnings({"checkstyle:TypeName", "JavaLangClash"})
public final class systemd1 {
    private systemd1() {}

    /** There is no such unit, in memory or among the files. */
    public static final class NoSuchUnit extends DBusExecutionException {
        private static final long serialVersionUID = 1;

        public NoSuchUnit(String message) {
            super(message);
        }
    }

    /** Its file can't be read. */
    public static final class LoadFailed extends DBusExecutionException {
        private static final long serialVersionUID = 1;

        public LoadFailed(String message) {
            super(message);
        }
    }

    /** Its file says what can't be. */
    public static final class BadUnitSetting extends DBusExecutionException {
        private static final long serialVersionUID = 1;

        public BadUnitSetting(String message) {
            super(message);
        }
    }

    /** It is masked. */
    public static final class UnitMasked extends DBusExecutionException {
        private static final long serialVersionUID = 1;

        public UnitMasked(String message) {
            super(message);
        }
    }

    /** It is in an error of another kind. */
    public static final class UnitError extends DBusExecutionException {
        private static final long serialVersionUID = 1;

        public UnitError(String message) {
            super(message);
        }
    }

    /** A job that may not be replaced stands against it: the host goes down, mostly. */
    public static final class TransactionIsDestructive extends DBusExecutionException {
        private static final long serialVersionUID = 1;

        public TransactionIsDestructive(String message) {
            super(message);
        }
    }

    /** There is nothing to be killed. */
    public static final class NoSuchProcess extends DBusExecutionException {
        private static final long serialVersionUID = 1;

        public NoSuchProcess(String message) {
            super(message);
        }
    }

    /** This connection listens already. */
    public static final class AlreadySubscribed extends DBusExecutionException {
        private static final long serialVersionUID = 1;

        public AlreadySubscribed(String message) {
            super(message);
        }
    }
}
