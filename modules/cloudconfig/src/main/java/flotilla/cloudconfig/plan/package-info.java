/**
 * What a document comes to on one machine: a list of actions, and the texts of the files that they
 * merge into. Pure: decides, and does nothing. Knows no cluster: what etcd and fleet make of their
 * drop-ins is theirs. Read {@link flotilla.cloudconfig.plan.Plan} first.
 */
@NullMarked
package flotilla.cloudconfig.plan;

import org.jspecify.annotations.NullMarked;
