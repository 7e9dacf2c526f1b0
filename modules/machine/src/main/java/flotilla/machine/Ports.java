package flotilla.machine;

/** All through which a daemon reaches the host that it runs on. Whoever made it closes the init. */
public record Ports(Init init, Journal journal, Host host) {}
