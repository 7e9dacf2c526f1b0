package flotilla.machine;

/**
 * What the init says of one unit, in systemd's words (org.freedesktop.systemd1(5)).
 *
 * @param load {@code loaded}, {@code not-found}, {@code bad-setting}, {@code error} or {@code
 *     masked}
 * @param active {@code active}, {@code reloading}, {@code inactive}, {@code failed}, {@code
 *     activating} or {@code deactivating}
 * @param sub the unit type's own state, such as {@code running}, {@code dead}, {@code exited},
 *     {@code start-pre}, {@code auto-restart}
 * @param mainPid 0 when there is none, or where it was not asked for
 * @param result why it failed ({@code exit-code}, {@code signal}, {@code timeout}, {@code
 *     start-limit-hit}, ...), {@code success} otherwise; empty where it was not asked for
 */
public record UnitState(
        String name, String load, String active, String sub, long mainPid, String result) {
    public static UnitState notFound(String name) {
        return new UnitState(name, "not-found", "inactive", "dead", 0, "success");
    }

    public boolean isActive() {
        return active.equals("active") || active.equals("reloading");
    }

    public boolean isFailed() {
        return active.equals("failed");
    }
}
