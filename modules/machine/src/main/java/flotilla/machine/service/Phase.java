package flotilla.machine.service;

import java.util.Locale;

/** Where a service is in its life; the words are systemd's ActiveState and SubState. */
public enum Phase {
    DEAD("inactive"),
    FAILED("failed"),
    START_PRE("activating"),
    START("activating"),
    START_POST("activating"),
    RUNNING("active"),
    EXITED("active"),
    RELOAD("reloading"),
    STOP("deactivating"),
    STOP_WATCHDOG("deactivating"),
    STOP_SIGTERM("deactivating"),
    STOP_SIGKILL("deactivating"),
    STOP_POST("deactivating"),
    FINAL_SIGTERM("deactivating"),
    FINAL_SIGKILL("deactivating"),
    AUTO_RESTART("activating");

    private final String active;

    Phase(String active) {
        this.active = active;
    }

    public String active() {
        return active;
    }

    public String sub() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whose commands run in it; empty for a phase that runs none. */
    String directive() {
        return switch (this) {
            case START_PRE -> "ExecStartPre";
            case START -> "ExecStart";
            case START_POST -> "ExecStartPost";
            case RELOAD -> "ExecReload";
            case STOP -> "ExecStop";
            case STOP_POST -> "ExecStopPost";
            default -> "";
        };
    }

    /** Nothing of the service runs and nothing will by itself. */
    public boolean isOver() {
        return this == DEAD || this == FAILED;
    }

    /** A run is under way; none is while a restart is waited for. */
    public boolean runs() {
        return !isOver() && this != AUTO_RESTART;
    }

    public boolean isUp() {
        return this == RUNNING || this == EXITED || this == RELOAD;
    }

    /** Between the first signal and the end, when only processes are waited for. */
    public boolean isKilling() {
        return this == STOP_WATCHDOG
                || this == STOP_SIGTERM
                || this == STOP_SIGKILL
                || this == FINAL_SIGTERM
                || this == FINAL_SIGKILL;
    }

    public boolean isStopping() {
        return active.equals("deactivating");
    }
}
