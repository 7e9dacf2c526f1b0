package flotilla.machine.systemd.bus;

import org.freedesktop.dbus.Tuple;
import org.freedesktop.dbus.annotations.Position;

/**
 * The answer of EnableUnitFiles.
 *
 * @param <A> whether there was an [Install] section
 * @param <B> what was linked
 */
public final class Enabled<A, B> extends Tuple {
    @Position(0)
    public final A carriesInstall;

    @Position(1)
    public final B changes;

    public Enabled(A carriesInstall, B changes) {
        this.carriesInstall = carriesInstall;
        this.changes = changes;
    }
}
