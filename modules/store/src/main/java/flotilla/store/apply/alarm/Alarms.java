package flotilla.store.apply.alarm;

import flotilla.protocol.AlarmMember;
import flotilla.protocol.AlarmRequest;
import flotilla.protocol.AlarmType;
import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.Space;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.command.Command;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The alarms that are raised as of one entry, by member and kind; a value. Reads are answered
 * whatever is raised, as by etcd 3.4: they are how one finds out what is wrong.
 */
public final class Alarms {
    /** None is raised. */
    public static final Alarms NONE = new Alarms(List.of());

    /** Raised at once at most; etcd takes any number, of ids that are no member's too. */
    static final int RAISED_MAX = 1024;

    private static final byte[] NOTHING = {};

    /** In the order of their keys. */
    private final List<AlarmMember> raised;

    private Alarms(List<AlarmMember> raised) {
        this.raised = List.copyOf(raised);
    }

    /** Those that a view shows. */
    public static Alarms read(Backend.View view) {
        List<AlarmMember> raised = new ArrayList<>();
        try (Backend.Cursor cursor = view.cursor(Space.ALARM)) {
            for (boolean on = cursor.seek(NOTHING); on; on = cursor.next()) {
                ByteBuffer key = ByteBuffer.wrap(cursor.key());
                raised.add(
                        AlarmMember.newBuilder()
                                .setMemberID(key.getLong())
                                .setAlarmValue(key.getInt())
                                .build());
            }
        }
        return raised.isEmpty() ? NONE : new Alarms(raised);
    }

    /** Those of every kind. */
    public List<AlarmMember> all() {
        return raised;
    }

    /**
     * Those of one kind.
     *
     * @param kind as {@link AlarmType} numbers them; NONE for all
     */
    private List<AlarmMember> ofKind(int kind) {
        return kind == AlarmType.NONE_VALUE
                ? raised
                : raised.stream().filter(alarm -> alarm.getAlarmValue() == kind).toList();
    }

    /** Whether any member has it. */
    public boolean has(AlarmType kind) {
        return raised.stream().anyMatch(alarm -> alarm.getAlarm() == kind);
    }

    /** Refuses, in etcd's words, what may not be written while they are raised. */
    public void check(Command command) {
        if (raised.isEmpty()) {
            return;
        }
        if (has(AlarmType.CORRUPT) && changesKeys(command)) {
            throw new EtcdException(EtcdError.CORRUPT);
        }
        if (has(AlarmType.NOSPACE) && SpaceCost.of(command) > 0) {
            throw new EtcdException(EtcdError.NO_SPACE);
        }
    }

    private static boolean changesKeys(Command command) {
        return switch (command.getCommandCase()) {
            case PUT, DELETE_RANGE, TXN, COMPACTION, LEASE_GRANT, LEASE_REVOKE -> true;
            case MEMBER_ATTRIBUTES, LEASE_CHECKPOINT, ALARM, FEATURE_LEVEL, COMMAND_NOT_SET ->
                    false;
        };
    }

    /** Whether a request to raise or to disarm an alarm changes anything. */
    public boolean isChangedBy(AlarmRequest request) {
        boolean there = raised.contains(alarm(request));
        return switch (request.getAction()) {
            case ACTIVATE -> !there;
            case DEACTIVATE -> there;
            case GET, UNRECOGNIZED -> false;
        };
    }

    /** What etcd answers to a request, given these as they were before it. */
    public List<AlarmMember> answer(AlarmRequest request) {
        return switch (request.getAction()) {
            case ACTIVATE -> List.of(alarm(request));
            case DEACTIVATE -> isChangedBy(request) ? List.of(alarm(request)) : List.of();
            case GET, UNRECOGNIZED -> ofKind(request.getAlarmValue());
        };
    }

    /** What has to be written for a request that changes something. */
    public Backend.Change change(AlarmRequest request) {
        boolean raises = request.getAction() == AlarmRequest.AlarmAction.ACTIVATE;
        if (raises && raised.size() >= RAISED_MAX) {
            throw new EtcdException(EtcdError.TOO_MANY_REQUESTS);
        }
        byte[] key =
                ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                        .putLong(request.getMemberID())
                        .putInt(request.getAlarmValue())
                        .array();
        return new Backend.Change(Space.ALARM, key, raises ? NOTHING : null);
    }

    private static AlarmMember alarm(AlarmRequest request) {
        return AlarmMember.newBuilder()
                .setMemberID(request.getMemberID())
                .setAlarmValue(request.getAlarmValue())
                .build();
    }
}
