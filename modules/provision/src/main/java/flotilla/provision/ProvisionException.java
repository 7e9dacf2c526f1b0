package flotilla.provision;

/** What failed, on what, and what to do about it: the message is for the person at the keyboard. */
public final class ProvisionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ProvisionException(String message) {
        super(message);
    }

    public ProvisionException(String message, Throwable cause) {
        super(message + " (" + reason(cause) + ")", cause);
    }

    private static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
