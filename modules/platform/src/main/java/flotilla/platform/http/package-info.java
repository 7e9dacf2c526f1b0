/**
 * A thin HTTP layer on the Netty that gRPC brings along: a server for TCP and unix sockets whose
 * handlers run on virtual threads and may block, streaming answers, and a small client.
 */
@NullMarked
package flotilla.platform.http;

import org.jspecify.annotations.NullMarked;
