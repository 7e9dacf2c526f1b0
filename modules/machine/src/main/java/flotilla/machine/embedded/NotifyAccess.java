package flotilla.machine.embedded;

import flotilla.machine.service.ServiceConfig;
import flotilla.machine.service.ServiceType;

/** Whose messages on the notify socket count: NotifyAccess= of systemd.service(5). */
enum NotifyAccess {
    NONE,
    /** The main process. */
    MAIN,
    /** The main and the control process. */
    EXEC,
    ALL;

    /** A service that must tell something is listened to, whatever it says. */
    static NotifyAccess of(LoadedUnit unit) {
        ServiceConfig service = unit.service().orElseThrow();
        boolean mustTell =
                service.type() == ServiceType.NOTIFY || !service.timeouts().watchdog().isZero();
        return switch (unit.file().option("Service", "NotifyAccess").orElse("none")) {
            case "main" -> MAIN;
            case "exec" -> EXEC;
            case "all" -> ALL;
            default -> mustTell ? MAIN : NONE;
        };
    }

    boolean admits(UnitRuntime unit, long sender) {
        return switch (this) {
            case NONE -> false;
            case MAIN -> sender == unit.mainPid;
            case EXEC -> sender == unit.mainPid || sender == unit.controlPid;
            case ALL -> true;
        };
    }
}
