/**
 * fleet's keys in etcd: how they are spelled, how values are written and checked on reading, how
 * they are followed. Decides nothing. Layout, below a prefix of one's own ({@code
 * /flotilla/fleet/}):
 *
 * <pre>
 * cluster/job/UNIT                 {"hash","desired","generation","turn"}   the API; turn {"id","position"} of a restart among several; "previous" after a rollout
 * cluster/text/HASH                the unit's text                          the API; collected by the engine
 * cluster/machine/ID               facts, under its lease                   the machine
 * cluster/metadata/ID/NAME         {"value"}                                the API
 * cluster/eligibility/ID           {"eligibility"}                          the API; absent when ready
 * cluster/owner/UNIT               machine id                               the engine
 * cluster/placement/ID/UNIT        {"hash","desired","generation","since"}  the engine; ID watches only its own
 * cluster/acknowledgement/ID/UNIT  {"placement","generation","released"}    the machine, under its lease; with "health", "words", "changes"
 * cluster/rollout/SET              a new text on its way to a set     the API and the engine; SET is a template or a unit
 * cluster/strikes/UNIT             machines that died of it                 the engine
 * cluster/sighting/ID              {"fenceMillis","goneMillis"}             the engine: what outlives the machine's lease
 * cluster/leaving/ID               {"leaving","stopped"}                    the machine, when it goes in order; for minutes
 * state/ID/UNIT                    the init's state                         the machine, under its lease
 * history/unit/UNIT/LINE           {"what","atMillis","unit",...}           who does what it tells of; for some days
 * history/machine/ID/LINE          the same                                 the engine
 * engine/LEASE                                                              the engine's election
 * </pre>
 *
 * Read {@link flotilla.fleet.registry.Registry} first.
 */
@NullMarked
package flotilla.fleet.registry;

import org.jspecify.annotations.NullMarked;
