package flotilla.bench;

/**
 * One stretch of one workload on one server.
 *
 * @param switches context switches of all members for each answered request
 */
record Measured(Result result, double switches) {}
