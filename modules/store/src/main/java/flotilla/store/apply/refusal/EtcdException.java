package flotilla.store.apply.refusal;

/** A request refused with one of etcd's errors. Carries no stack trace: refusals are ordinary. */
public final class EtcdException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final EtcdError error;

    public EtcdException(EtcdError error) {
        super(error.text(), null, false, false);
        this.error = error;
    }

    public EtcdError error() {
        return error;
    }
}
