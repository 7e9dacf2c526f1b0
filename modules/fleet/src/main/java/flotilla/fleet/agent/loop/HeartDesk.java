package flotilla.fleet.agent.loop;

import flotilla.client.EtcdClientException;
import flotilla.client.LeaseStream;
import flotilla.fleet.agent.heart.Beat;
import flotilla.fleet.agent.heart.Step;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.registry.Registry;
import flotilla.protocol.TxnResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the store what a machine's heart wants asked; the answer comes as a beat. */
final class HeartDesk {
    private static final Logger log = LoggerFactory.getLogger(HeartDesk.class);

    /** Of what is not asked by number. */
    private static final long NO_ORDER = 0;

    private final Registry registry;
    private final Questions<Beat> questions;
    private final Map<Long, LeaseStream> streams = new ConcurrentHashMap<>();

    HeartDesk(Registry registry, Consumer<Beat> beats) {
        this.registry = registry;
        this.questions = new Questions<>("heart", beats);
    }

    void grant(Step.Grant grant) {
        ask(grant.order(), () -> new Beat.Granted(grant.order(), registry.grant(grant.ttl())));
    }

    void find(Step.Find find) {
        ask(find.order(), () -> new Beat.Found(find.order(), registry.get(find.key())));
    }

    void announce(Step.Announce announce) {
        ask(
                announce.order(),
                () -> {
                    Key.OfLeaving leaving = new Key.OfLeaving(announce.machine().machine().id());
                    TxnResponse response =
                            registry.txn()
                                    .when(
                                            registry.unchanged(
                                                    announce.machine().key(), announce.revision()))
                                    .then(registry.put(announce.machine(), announce.lease()))
                                    .then(registry.delete(leaving))
                                    .commit();
                    return response.getSucceeded()
                            ? new Beat.Announced(
                                    announce.order(), response.getHeader().getRevision())
                            : new Beat.Overtaken(announce.order());
                });
    }

    void renew(Step.Renew renew) {
        LeaseStream stream = streams.computeIfAbsent(renew.lease(), registry::renewals);
        ask(
                renew.order(),
                () -> {
                    Duration left = stream.renew(Duration.ofMillis(renew.patienceMillis()));
                    return new Beat.Renewed(renew.order(), left.toMillis());
                });
    }

    void sayLeaving(Step.SayLeaving say) {
        ask(
                NO_ORDER,
                () -> {
                    try {
                        Key key = new Key.OfMachine(say.how().machineId());
                        boolean said =
                                registry.txn()
                                        .when(registry.unchanged(key, say.revision()))
                                        .then(registry.put(say.how(), registry.grant(say.time())))
                                        .commit()
                                        .getSucceeded();
                        if (!said) {
                            warnUnsaid(say, "the machine's key is not the one that it wrote");
                        }
                    } catch (EtcdClientException e) {
                        warnUnsaid(say, e.getMessage());
                    }
                    return new Beat.LeavingSaid();
                });
    }

    private static void warnUnsaid(Step.SayLeaving say, @Nullable String problem) {
        log.warn(
                "{}: {}",
                say.how().stopped()
                        ? "that all units have stopped is not said, and waited for"
                        : "the machine leaves without a word, which may count against its units",
                problem);
    }

    void abandon(long lease) {
        LeaseStream stream = streams.remove(lease);
        if (stream != null) {
            stream.close();
        }
    }

    void giveBack(Step.GiveBack back) {
        abandon(back.lease());
        ask(
                back.order(),
                () -> {
                    try {
                        registry.revoke(back.lease());
                    } catch (EtcdClientException e) {
                        log.debug("the machine's lease is left to expire: {}", e.getMessage());
                    }
                    return new Beat.GivenBack(back.order());
                });
    }

    void learnMembers() {
        ask(
                NO_ORDER,
                () -> {
                    try {
                        registry.learnMembers();
                    } catch (EtcdClientException e) {
                        log.debug(
                                "can't ask who the members are, asking later: {}", e.getMessage());
                    }
                    return new Beat.Tick();
                });
    }

    private void ask(long order, Callable<Beat> question) {
        questions.ask(question, problem -> new Beat.Failed(order, problem));
    }
}
