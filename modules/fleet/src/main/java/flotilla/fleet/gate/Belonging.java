package flotilla.fleet.gate;

import flotilla.client.EtcdClient;
import flotilla.client.members.StoreMembers;
import flotilla.platform.Clock;
import flotilla.platform.http.Handler;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.Peers;
import flotilla.platform.tls.CallerTls;
import flotilla.platform.tls.TlsFiles;
import flotilla.trust.api.TrustApi;
import flotilla.trust.authority.Certified;
import flotilla.trust.home.Signer;
import flotilla.trust.home.StoreCopies;
import flotilla.trust.home.TrustHome;
import flotilla.trust.join.Issuer;
import flotilla.trust.join.JoinDesk;
import flotilla.trust.join.Joiner.Self;
import flotilla.trust.keeper.Keeper;
import flotilla.trust.keeper.Renewer;
import flotilla.trust.keeper.Succession;
import flotilla.trust.registry.Registry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This machine as one of a cluster whose certificates it has: what it answers others as such. */
public final class Belonging implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Belonging.class);

    private final Site site;
    private final String cluster;
    private final Registry registry;
    private final Renewer renewer;
    private final TrustApi api;
    private final JoinDesk desk;
    private final Clock clock;
    private @Nullable SecurePort port;
    private @Nullable Keeper keeper;

    /**
     * Where this machine stands.
     *
     * @param self with the address at which it is served to others
     * @param stores client URLs of the store's members
     * @param tls what is shown to those
     */
    public record Site(TrustHome home, Self self, List<String> stores, TlsFiles tls) {
        public Site {
            stores = List.copyOf(stores);
        }

        String address() {
            return self.addresses().getFirst();
        }

        /** Where others may sign: who has the store's data may have the authority. */
        List<URI> signers() {
            return stores.stream()
                    .map(URI::create)
                    .filter(store -> !address().equals(store.getHost()))
                    .map(store -> SecurePort.endpoint(store.getHost()))
                    .toList();
        }

        StoreMembers members() {
            return new StoreMembers(
                    stores.stream().map(URI::create).toList(),
                    member ->
                            tls.equals(TlsFiles.NONE)
                                    ? HttpCaller.to(member)
                                    : HttpCaller.to(member).tls(CallerTls.of(tls)));
        }
    }

    private Belonging(Site site, EtcdClient store, Clock clock) throws IOException {
        this.site = site;
        this.clock = clock;
        this.registry = new Registry(store);
        this.cluster = site.home().self().cluster();
        this.renewer =
                new Renewer(site.home(), StoreCopies.beside(site.home()), site.self(), clock);
        Signer signer = new Signer(site.home());
        this.api =
                new TrustApi(
                        new TrustApi.Site(
                                cluster,
                                site.home().credentials().authority(),
                                signer,
                                Optional.of(SecurePort.endpoint(site.address()).toString()),
                                site.members()),
                        registry,
                        clock);
        this.desk =
                new JoinDesk(
                        () -> signer.get().map(authority -> new Issuer(cluster, authority, clock)),
                        registry,
                        site.home().remembered(),
                        clock);
    }

    /**
     * @throws IOException when it has no certificate that can be read
     */
    public static Belonging open(Site site, EtcdClient store, Clock clock) throws IOException {
        return new Belonging(site, store, clock);
    }

    /**
     * A machine that was off for longer than its certificates lived gets others first, for nobody
     * would speak to it. Blocks.
     *
     * @throws IOException when there are no credentials that can be read
     */
    public static void renewIfEnded(Site site, Clock clock) throws IOException {
        Certified own = site.home().self();
        if (own.endMillis() > clock.now().toEpochMilli()) {
            return;
        }
        log.warn("this machine's certificate has ended: asking for another");
        try {
            var _ =
                    new Renewer(site.home(), StoreCopies.beside(site.home()), site.self(), clock)
                            .renewIfDue(site.signers());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How this machine speaks to others: with its certificate as it is at each call. */
    public Peers peers() {
        return address ->
                HttpCaller.to(SecurePort.endpoint(address))
                        .tls(CallerTls.of(site.home().credentials().asMachine()));
    }

    public TrustApi api() {
        return api;
    }

    /**
     * Serves the API to who shows a certificate, and keeps certificates and who was put out up to
     * date, until closed.
     *
     * @throws IOException when the port can't be had, or a certificate can't be used
     */
    public void begin(Handler fleet) throws IOException {
        SecurePort serving =
                SecurePort.open(
                        new InetSocketAddress(site.address(), SecurePort.PORT),
                        site.home().credentials().asMachine(),
                        desk.handler(),
                        new Gate(Callers.certified(cluster, clock), Audit.toLog(), fleet));
        port = serving;
        keeper =
                Keeper.start(
                        new Keeper.Parts(
                                site.home(),
                                StoreCopies.beside(site.home()),
                                registry,
                                renewer,
                                new Succession(site.home()),
                                site.signers(),
                                SecurePort::endpoint,
                                denied -> cut(serving, denied)));
    }

    /** Those who were put out, and those whose certificates have ended meanwhile. */
    private void cut(SecurePort serving, Set<String> denied) {
        long now = clock.now().toEpochMilli();
        serving.cut(shown ->
                Certified.of(shown).stream()
                        .anyMatch(who ->
                                who.endMillis() < now
                                        || denied.contains(who.identity().toString())));
    }

    @Override
    public void close() {
        if (keeper != null) {
            keeper.close();
        }
        if (port != null) {
            port.close();
        }
    }
}
