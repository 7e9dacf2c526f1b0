package flotilla.machine.systemd.bus;

import flotilla.machine.systemd.ledger.Row;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.Struct;
import org.freedesktop.dbus.annotations.Position;
import org.freedesktop.dbus.types.UInt32;

/** One unit in an answer of ListUnits. */
public final class UnitRow extends Struct {
    @Position(0)
    public final String name;

    @Position(1)
    public final String description;

    @Position(2)
    public final String load;

    @Position(3)
    public final String active;

    @Position(4)
    public final String sub;

    @Position(5)
    public final String following;

    @Position(6)
    public final DBusPath object;

    @Position(7)
    public final UInt32 jobId;

    @Position(8)
    public final String jobType;

    @Position(9)
    public final DBusPath job;

    // As many as systemd sends.
    public UnitRow(
            String name,
            String description,
            String load,
            String active,
            String sub,
            String following,
            DBusPath object,
            UInt32 jobId,
            String jobType,
            DBusPath job) {
        this.name = name;
        this.description = description;
        this.load = load;
        this.active = active;
        this.sub = sub;
        this.following = following;
        this.object = object;
        this.jobId = jobId;
        this.jobType = jobType;
        this.job = job;
    }

    Row row() {
        return new Row(name, load, active, sub, jobId.longValue() == 0 ? "" : job.getPath());
    }
}
