package flotilla.store.apply.refusal;

/** The state is whole, and not one that this version can go on from; nothing in it was changed. */
public final class UnreadableState extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * @param message says what is there and what to do
     */
    public UnreadableState(String message) {
        super(message);
    }
}
