/**
 * cloud-config: document to problems to plan to deeds. Reading and planning are pure; {@link
 * flotilla.cloudconfig.Applier} alone touches the machine. Knows no cluster: what etcd and fleet
 * make of their drop-ins is theirs. Read {@link flotilla.cloudconfig.CloudConfig} first.
 */
@NullMarked
package flotilla.cloudconfig;

import org.jspecify.annotations.NullMarked;
