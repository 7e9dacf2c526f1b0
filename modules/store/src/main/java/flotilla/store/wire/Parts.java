package flotilla.store.wire;

import flotilla.store.view.EtcdStateMachine;

/** What the services share. */
record Parts(Identity identity, EtcdStateMachine machine, Proposals proposals, Reads reads) {}
