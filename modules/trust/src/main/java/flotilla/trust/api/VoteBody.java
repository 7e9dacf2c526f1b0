package flotilla.trust.api;

/**
 * @param votes whether a new member has its vote: it has what the others have
 */
public record VoteBody(boolean votes) {}
