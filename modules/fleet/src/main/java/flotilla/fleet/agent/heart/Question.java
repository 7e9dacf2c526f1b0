package flotilla.fleet.agent.heart;

/** One that is out to the store, or none. Times are those of the heart's clock. */
final class Question {
    private long order;
    private long askedMillis;

    long ask(long number, long now) {
        order = number;
        askedMillis = now;
        return order;
    }

    boolean isOut() {
        return order != 0;
    }

    long order() {
        return order;
    }

    long askedMillis() {
        return askedMillis;
    }

    /** False for the answer to another one. */
    boolean answered(long number) {
        boolean its = isOut() && number == order;
        if (its) {
            forget();
        }
        return its;
    }

    void forget() {
        order = 0;
    }
}
