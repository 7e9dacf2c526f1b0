package flotilla.cloudconfig.document;

import flotilla.cloudconfig.document.Shape.Checked;
import flotilla.cloudconfig.document.Shape.Scalar;
import flotilla.cloudconfig.document.Shape.Sequence;
import flotilla.cloudconfig.document.Shape.Struct;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The keys of a cloud-config, as coreos-cloudinit 2018 knows them; its {@code etcd} is that of etcd
 * 0.4. In the document a dash in a key counts as an underscore. A key is a text unless its type
 * stands behind it.
 */
final class Keys {
    private static final Shape TEXTS = new Sequence(Scalar.TEXT);

    /** Of etcd 2; the original warned of them below etcd, and so does {@code --strict}. */
    private static final Map<String, String> ETCD_DEPRECATED =
            reasons(
                    "etcd2 options no longer work for etcd",
                    "advertise_client_urls discovery_fallback discovery_srv discovery_proxy"
                            + " election_timeout force_new_cluster heartbeat_interval"
                            + " initial_advertise_peer_urls initial_cluster"
                            + " initial_cluster_state initial_cluster_token"
                            + " listen_client_urls listen_peer_urls max_snapshots max_wals"
                            + " proxy");

    private static final Struct ETCD =
            options(
                    ETCD_DEPRECATED,
                    "addr advertise_client_urls bind_addr ca_file cert_file"
                            + " cluster_active_size:int cluster_remove_delay:float"
                            + " cluster_sync_interval:float cors data_dir discovery"
                            + " discovery_fallback discovery_srv discovery_proxy"
                            + " election_timeout:int force_new_cluster:bool graphite_host"
                            + " heartbeat_interval:int http_read_timeout:float"
                            + " http_write_timeout:float initial_advertise_peer_urls"
                            + " initial_cluster initial_cluster_state initial_cluster_token"
                            + " key_file listen_client_urls listen_peer_urls"
                            + " max_result_buffer:int max_retry_attempts:int"
                            + " max_snapshots:int max_wals:int name peer_addr peer_bind_addr"
                            + " peer_ca_file peer_cert_file peer_election_timeout:int"
                            + " peer_heartbeat_interval:int peer_key_file peers peers_file"
                            + " proxy retry_interval:float snapshot:bool snapshot_count:int"
                            + " trace verbose:bool very_verbose:bool very_very_verbose:bool");

    private static final Struct ETCD2 =
            options(
                    Map.of(
                            "ca_file",
                            "ca_file obsoleted by trusted_ca_file and client_cert_auth",
                            "peer_ca_file",
                            "peer_ca_file obsoleted peer_trusted_ca_file and peer_client_cert_auth"),
                    "advertise_client_urls ca_file cert_file client_cert_auth:bool cors data_dir"
                            + " debug:bool discovery discovery_fallback discovery_srv"
                            + " discovery_proxy election_timeout:int enable_pprof:bool"
                            + " force_new_cluster:bool heartbeat_interval:int"
                            + " initial_advertise_peer_urls initial_cluster"
                            + " initial_cluster_state initial_cluster_token key_file"
                            + " listen_client_urls listen_peer_urls log_package_levels"
                            + " max_snapshots:int max_wals:int name peer_ca_file"
                            + " peer_cert_file peer_key_file peer_client_cert_auth:bool"
                            + " peer_trusted_ca_file proxy:on_off_readonly"
                            + " proxy_dial_timeout:int proxy_failure_wait:int"
                            + " proxy_read_timeout:int proxy_refresh_interval:int"
                            + " proxy_write_timeout:int snapshot_count:int"
                            + " strict_reconfig_check:bool trusted_ca_file wal_dir");

    private static final Struct FLEET =
            options(
                    Map.of(),
                    "agent_ttl authorized_keys_file disable_engine:bool"
                            + " engine_reconcile_interval:float etcd_cafile etcd_certfile"
                            + " etcd_keyfile etcd_key_prefix etcd_request_timeout:float"
                            + " etcd_servers etcd_username etcd_password metadata public_ip"
                            + " token_limit:int verbosity:int verify_units:bool");

    private static final Struct FLANNEL =
            options(
                    Map.of(),
                    "etcd_endpoints etcd_cafile etcd_certfile etcd_keyfile etcd_prefix"
                            + " etcd_username etcd_password ip_masq subnet_file interface"
                            + " public_ip");

    private static final Struct LOCKSMITH =
            options(
                    Map.of(),
                    "endpoint etcd_cafile etcd_certfile etcd_keyfile etcd_username etcd_password"
                            + " group window_start:window_start window_length:window_length");

    private static final Struct UNIT =
            struct(
                    "name mask:flag enable:flag runtime:flag content command:command",
                    Map.of("drop_ins", new Sequence(struct("name content", Map.of()))));

    private static final Struct FILE =
            struct(
                    "path content:content owner permissions:permissions encoding:encoding",
                    Map.of());

    private static final Struct USER =
            new Struct(
                    struct(
                                    "name passwd coreos_ssh_import_github coreos_ssh_import_url"
                                            + " gecos homedir no_create_home:flag primary_group"
                                            + " no_user_group:flag system:flag no_log_init:flag"
                                            + " shell",
                                    Map.of(
                                            "ssh_authorized_keys",
                                            TEXTS,
                                            "coreos_ssh_import_github_users",
                                            TEXTS,
                                            "groups",
                                            TEXTS))
                            .keys(),
                    reasons(
                            "trying to fetch from a remote endpoint introduces too many intermittent errors",
                            "coreos_ssh_import_github coreos_ssh_import_github_users"
                                    + " coreos_ssh_import_url"),
                    false);

    /** What stands below {@code coreos:}. */
    static final Struct COREOS =
            struct(
                    "",
                    Map.of(
                            "etcd",
                            ETCD,
                            "etcd2",
                            ETCD2,
                            "fleet",
                            FLEET,
                            "flannel",
                            FLANNEL,
                            "locksmith",
                            LOCKSMITH,
                            "update",
                            options(Map.of(), "reboot_strategy:reboot_strategy group server"),
                            "oem",
                            options(Map.of(), "id name version_id home_url bug_report_url"),
                            "units",
                            new Sequence(UNIT)));

    static final Struct DOCUMENT =
            struct(
                    "hostname manage_etc_hosts:etc_hosts",
                    Map.of(
                            "ssh_authorized_keys",
                            TEXTS,
                            "coreos",
                            COREOS,
                            "write_files",
                            new Sequence(FILE),
                            "users",
                            new Sequence(USER)));

    /** A key of our own beside the original's, which would say that it doesn't know it. */
    static final Struct WITH_OURS = withOurs();

    /** Keys that the article's author, among others, put at the top level. */
    static final Set<String> BELOW_COREOS = COREOS.keys().keySet();

    /** Keys that are read, but that nothing on a machine acts on. */
    static final Set<String> NOT_APPLIED =
            Set.of("manage_etc_hosts", "flannel", "locksmith", "update", "oem");

    /** Of etcd and fleet of 2014; the original of 2018 does not know them. */
    static final Set<String> OF_2014 = Set.of("discovery_url", "cpu_profile_file", "strict_tls");

    private Keys() {}

    private static Struct withOurs() {
        Map<String, Shape> keys = new LinkedHashMap<>(DOCUMENT.keys());
        keys.put(
                "flotilla",
                struct(
                        "",
                        Map.of(
                                "init",
                                struct("name address", Map.of()),
                                "join",
                                struct("url token token_file address", Map.of()))));
        return new Struct(keys, Map.of(), false);
    }

    /** Where a key belongs, for one that stands elsewhere: {@code below "coreos:"} and such. */
    static List<String> homes(String key) {
        List<String> homes = new ArrayList<>();
        if (DOCUMENT.keys().containsKey(key)) {
            homes.add("at the top level");
        }
        if (COREOS.keys().containsKey(key)) {
            homes.add("below \"coreos:\"");
        }
        COREOS.keys()
                .forEach((name, shape) -> {
                    if (shape instanceof Struct struct && struct.keys().containsKey(key)) {
                        homes.add("below \"coreos: " + name + ":\"");
                    }
                });
        Map.of("coreos: units:", UNIT, "write_files:", FILE, "users:", USER)
                .forEach((name, struct) -> {
                    if (struct.keys().containsKey(key)) {
                        homes.add("in an entry of \"" + name + "\"");
                    }
                });
        return homes.stream().sorted().toList();
    }

    private static Struct struct(String scalars, Map<String, Shape> others) {
        Map<String, Shape> keys = new LinkedHashMap<>(others);
        keys.putAll(scalars(scalars));
        return new Struct(keys, Map.of(), false);
    }

    /** A free mapping to texts, as etcd's and fleet's were in 2014; the names are for warnings. */
    private static Struct options(Map<String, String> deprecated, String names) {
        return new Struct(scalars(names), deprecated, true);
    }

    private static Map<String, Shape> scalars(String names) {
        Map<String, Shape> keys = new LinkedHashMap<>();
        for (String name : names.isEmpty() ? new String[0] : names.split(" ")) {
            String[] parts = name.split(":", 2);
            keys.put(parts[0], parts.length == 1 ? Scalar.TEXT : type(parts[1]));
        }
        return keys;
    }

    private static Shape type(String name) {
        return switch (name) {
            case "int" -> Scalar.WHOLE;
            case "float" -> Scalar.REAL;
            case "bool" -> Scalar.SWITCH;
            case "flag" -> Scalar.FLAG;
            case "content" -> Scalar.CONTENT;
            case "command" -> new Checked(Allowed.COMMAND);
            case "encoding" -> new Checked(Allowed.ENCODING);
            case "permissions" -> new Checked(Allowed.PERMISSIONS);
            case "reboot_strategy" -> new Checked(Allowed.REBOOT_STRATEGY);
            case "on_off_readonly" -> new Checked(Allowed.PROXY);
            case "window_start" -> new Checked(Allowed.WINDOW_START);
            case "window_length" -> new Checked(Allowed.WINDOW_LENGTH);
            case "etc_hosts" -> new Checked(Allowed.ETC_HOSTS);
            default -> throw new IllegalArgumentException("no type: " + name);
        };
    }

    private static Map<String, String> reasons(String reason, String names) {
        Map<String, String> reasons = new LinkedHashMap<>();
        for (String name : names.split(" ")) {
            reasons.put(name, reason);
        }
        return reasons;
    }
}
