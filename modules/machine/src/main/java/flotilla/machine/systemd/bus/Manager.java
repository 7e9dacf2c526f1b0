package flotilla.machine.systemd.bus;

import java.util.List;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.annotations.DBusInterfaceName;
import org.freedesktop.dbus.annotations.DBusMemberName;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.interfaces.DBusInterface;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.types.UInt32;

/** What is used of org.freedesktop.systemd1.Manager (org.freedesktop.systemd1(5)). */
@DBusInterfaceName("org.freedesktop.systemd1.Manager")
public interface Manager extends DBusInterface {
    @DBusMemberName("Subscribe")
    void subscribe();

    @DBusMemberName("Reload")
    void reload();

    @DBusMemberName("ListUnits")
    List<UnitRow> listUnits();

    @DBusMemberName("ListUnitsByNames")
    List<UnitRow> listUnitsByNames(List<String> names);

    @DBusMemberName("StartUnit")
    DBusPath startUnit(String name, String mode);

    @DBusMemberName("StopUnit")
    DBusPath stopUnit(String name, String mode);

    @DBusMemberName("RestartUnit")
    DBusPath restartUnit(String name, String mode);

    @DBusMemberName("ReloadUnit")
    DBusPath reloadUnit(String name, String mode);

    @DBusMemberName("TryRestartUnit")
    DBusPath tryRestartUnit(String name, String mode);

    @DBusMemberName("ReloadOrRestartUnit")
    DBusPath reloadOrRestartUnit(String name, String mode);

    @DBusMemberName("ReloadOrTryRestartUnit")
    DBusPath reloadOrTryRestartUnit(String name, String mode);

    @DBusMemberName("KillUnit")
    void killUnit(String name, String whom, int signal);

    @DBusMemberName("ResetFailedUnit")
    void resetFailedUnit(String name);

    @DBusMemberName("EnableUnitFiles")
    Enabled<Boolean, List<FileChange>> enableUnitFiles(
            List<String> files, boolean runtime, boolean force);

    @DBusMemberName("MaskUnitFiles")
    List<FileChange> maskUnitFiles(List<String> files, boolean runtime, boolean force);

    @DBusMemberName("UnmaskUnitFiles")
    List<FileChange> unmaskUnitFiles(List<String> files, boolean runtime);

    @DBusMemberName("Reboot")
    void reboot();

    /** A unit is in memory no longer. */
    final class UnitRemoved extends DBusSignal {
        public final String unit;

        public UnitRemoved(String path, String unit, DBusPath object) throws DBusException {
            super(path, unit, object);
            this.unit = unit;
        }
    }

    /** A job has ended. */
    final class JobRemoved extends DBusSignal {
        public final String job;
        public final String result;

        public JobRemoved(String path, UInt32 id, DBusPath job, String unit, String result)
                throws DBusException {
            super(path, id, job, unit, result);
            this.job = job.getPath();
            this.result = result;
        }
    }

    /** A reload begins or has ended. */
    final class Reloading extends DBusSignal {
        public final boolean active;

        public Reloading(String path, boolean active) throws DBusException {
            super(path, active);
            this.active = active;
        }
    }
}
