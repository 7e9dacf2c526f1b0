/**
 * Members that come to a store and leave it, for whoever adds machines. Read {@link
 * flotilla.client.members.StoreMembers} first.
 */
@NullMarked
package flotilla.client.members;

import org.jspecify.annotations.NullMarked;
