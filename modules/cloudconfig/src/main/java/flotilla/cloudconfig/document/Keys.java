package flotilla.cloudconfig.document;

import flotilla.cloudconfig.document.Shape.Scalar;
import flotilla.cloudconfig.document.Shape.Sequence;
import flotilla.cloudconfig.document.Shape.Struct;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The keys of a cloud-config, as coreos-cloudinit 2018 knows them; its {@code etcd} is that of etcd
 * 0.4. In the document a dash in a key counts as an underscore.
 */
final class Keys {
    private static final Shape TEXTS = new Sequence(Scalar.TEXT);

    private static final Struct ETCD =
            open(
                    "addr advertise_client_urls bind_addr ca_file cert_file cluster_active_size"
                            + " cluster_remove_delay cluster_sync_interval cors cpu_profile_file"
                            + " data_dir discovery discovery_fallback discovery_srv"
                            + " discovery_proxy discovery_url election_timeout"
                            + " force_new_cluster graphite_host heartbeat_interval"
                            + " http_read_timeout http_write_timeout"
                            + " initial_advertise_peer_urls initial_cluster"
                            + " initial_cluster_state initial_cluster_token key_file"
                            + " listen_client_urls listen_peer_urls max_result_buffer"
                            + " max_retry_attempts max_snapshots max_wals name peer_addr"
                            + " peer_bind_addr peer_ca_file peer_cert_file"
                            + " peer_election_timeout peer_heartbeat_interval peer_key_file"
                            + " peers peers_file proxy retry_interval snapshot snapshot_count"
                            + " strict_tls trace verbose very_verbose very_very_verbose");

    private static final Struct ETCD2 =
            open(
                    "advertise_client_urls ca_file cert_file client_cert_auth cors data_dir"
                            + " debug discovery discovery_fallback discovery_srv"
                            + " discovery_proxy election_timeout enable_pprof"
                            + " force_new_cluster heartbeat_interval"
                            + " initial_advertise_peer_urls initial_cluster"
                            + " initial_cluster_state initial_cluster_token key_file"
                            + " listen_client_urls listen_peer_urls log_package_levels"
                            + " max_snapshots max_wals name peer_ca_file peer_cert_file"
                            + " peer_key_file peer_client_cert_auth peer_trusted_ca_file proxy"
                            + " proxy_dial_timeout proxy_failure_wait proxy_read_timeout"
                            + " proxy_refresh_interval proxy_write_timeout snapshot_count"
                            + " strict_reconfig_check trusted_ca_file wal_dir");

    private static final Struct FLEET =
            open(
                    "agent_ttl authorized_keys_file disable_engine engine_reconcile_interval"
                            + " etcd_cafile etcd_certfile etcd_keyfile etcd_key_prefix"
                            + " etcd_request_timeout etcd_servers etcd_username etcd_password"
                            + " metadata public_ip token_limit verbosity verify_units");

    private static final Struct UNIT =
            struct(
                    Map.of(
                            "name", Scalar.TEXT,
                            "mask", Scalar.FLAG,
                            "enable", Scalar.FLAG,
                            "runtime", Scalar.FLAG,
                            "content", Scalar.TEXT,
                            "command", Scalar.TEXT,
                            "drop_ins",
                                    new Sequence(
                                            struct(
                                                    Map.of(
                                                            "name", Scalar.TEXT,
                                                            "content", Scalar.TEXT)))));

    /** What stands below {@code coreos:}. */
    private static final Map<String, Shape> COREOS =
            Map.of(
                    "etcd",
                    ETCD,
                    "etcd2",
                    ETCD2,
                    "fleet",
                    FLEET,
                    "flannel",
                    open(
                            "etcd_endpoints etcd_cafile etcd_certfile etcd_keyfile etcd_prefix"
                                    + " etcd_username etcd_password ip_masq subnet_file"
                                    + " interface public_ip"),
                    "locksmith",
                    open(
                            "endpoint etcd_cafile etcd_certfile etcd_keyfile etcd_username"
                                    + " etcd_password group window_start window_length"),
                    "update",
                    open("reboot_strategy group server"),
                    "oem",
                    open("id name version_id home_url bug_report_url"),
                    "units",
                    new Sequence(UNIT));

    /** Keys that the article's author, among others, put at the top level. */
    static final Set<String> BELOW_COREOS = COREOS.keySet();

    /** Keys that are read, but that nothing on a machine acts on. */
    static final Set<String> NOT_APPLIED =
            Set.of("users", "manage_etc_hosts", "flannel", "locksmith", "update", "oem");

    static final Struct DOCUMENT = document();

    private Keys() {}

    private static Struct document() {
        Struct file =
                struct(
                        Map.of(
                                "path", Scalar.TEXT,
                                "content", Scalar.TEXT,
                                "owner", Scalar.TEXT,
                                "permissions", Scalar.TEXT,
                                "encoding", Scalar.TEXT));
        Struct user =
                new Struct(
                        Map.ofEntries(
                                Map.entry("name", Scalar.TEXT),
                                Map.entry("passwd", Scalar.TEXT),
                                Map.entry("ssh_authorized_keys", TEXTS),
                                Map.entry("coreos_ssh_import_github", Scalar.TEXT),
                                Map.entry("coreos_ssh_import_github_users", TEXTS),
                                Map.entry("coreos_ssh_import_url", Scalar.TEXT),
                                Map.entry("gecos", Scalar.TEXT),
                                Map.entry("homedir", Scalar.TEXT),
                                Map.entry("no_create_home", Scalar.FLAG),
                                Map.entry("primary_group", Scalar.TEXT),
                                Map.entry("groups", TEXTS),
                                Map.entry("no_user_group", Scalar.FLAG),
                                Map.entry("system", Scalar.FLAG),
                                Map.entry("no_log_init", Scalar.FLAG),
                                Map.entry("shell", Scalar.TEXT)),
                        false);
        return struct(
                Map.of(
                        "ssh_authorized_keys",
                        TEXTS,
                        "coreos",
                        struct(COREOS),
                        "write_files",
                        new Sequence(file),
                        "hostname",
                        Scalar.TEXT,
                        "users",
                        new Sequence(user),
                        "manage_etc_hosts",
                        Scalar.TEXT));
    }

    private static Struct struct(Map<String, Shape> keys) {
        return new Struct(keys, false);
    }

    /** A free mapping to texts, as etcd's and fleet's were in 2014; the names are for warnings. */
    private static Struct open(String names) {
        Map<String, Shape> keys = new LinkedHashMap<>();
        for (String name : names.split(" ")) {
            keys.put(name, Scalar.TEXT);
        }
        return new Struct(keys, true);
    }
}
