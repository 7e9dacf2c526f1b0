package flotilla.store.apply;

import com.google.protobuf.Message;
import flotilla.store.apply.refusal.EtcdError;

/** What applying one command came to. Equal on every member, for it depends on the log alone. */
public sealed interface Applied {
    /**
     * The command took effect.
     *
     * @param response etcd's response message for the command, its header holding only the
     *     revision; the wire fills in cluster, member and term
     */
    record Done(Message response) implements Applied {}

    /** The command was refused and changed nothing. */
    record Refused(EtcdError error) implements Applied {}
}
