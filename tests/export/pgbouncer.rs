//! `export pgbouncer` against a real server: its very verifiers, and files that pgbouncer reads as they are meant. Not covered:
//! pgbouncer itself, which is read here by the rules of its src/loader.c.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;

use pgmoat::throwaway::Options;

use crate::cluster::Cluster;

const LAYOUT: &str = r#"
[service.orders.login]
app = "dml"
new = "dml"
old = "dml"
[service.orders.login.worker]
role     = "dml"
rotation = "alternating"
[service.orders.login.card]
role = "ro"
auth = "external"
[service.dotted]
database = "Shop-2.x"
login    = { app = "dml" }
[service.odd]
database = "an \"odd\" one, 100%;#"
[service.odd.login.odd]
name = "we\"ird; 'name' \\"
role = "dml"
"#;

fn cluster() -> Cluster {
    let cluster = Cluster::with(&Options::default());
    cluster.layout(LAYOUT);
    cluster.converge();
    let admin = cluster.sql("postgres");
    for (role, encryption) in [
        ("orders_app", "scram-sha-256"),
        ("orders_worker_a", "scram-sha-256"),
        ("we\"ird; 'name' \\", "scram-sha-256"),
        ("orders_old", "md5"),
        ("orders_card", "scram-sha-256"),
    ] {
        let role = role.replace('"', "\"\"");
        admin.run(&format!("SET password_encryption = '{encryption}'; ALTER ROLE \"{role}\" PASSWORD 'sesame'"));
    }
    cluster
}

/// Role and verifier, as `load_auth_file` reads them.
fn users(text: &str) -> BTreeMap<String, String> {
    let mut users = BTreeMap::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with(';')) {
        let (user, rest) = field(line);
        let (verifier, rest) = field(rest.trim_start_matches(' '));
        assert_eq!(rest, "", "{line}");
        assert!(users.insert(user, verifier).is_none(), "two of {line}");
    }
    users
}

/// What is between the quotes, and what is behind.
fn field(text: &str) -> (String, &str) {
    let mut rest = text.strip_prefix('"').unwrap_or_else(|| panic!("broken auth file: {text}"));
    let mut field = String::new();
    loop {
        let at = rest.find('"').unwrap_or_else(|| panic!("broken auth file: {text}"));
        field.push_str(&rest[..at]);
        match rest[at + 1..].strip_prefix('"') {
            Some(after) => rest = after,
            None => return (field, &rest[at + 1..]),
        }
        field.push('"');
    }
}

fn of_server(cluster: &Cluster) -> BTreeMap<String, String> {
    let rows = "select rolname || E'\n' || rolpassword from pg_authid where rolpassword like 'SCRAM%' and rolname <> 'orders_card'";
    let split = |row: String| row.split_once('\n').map(|(role, verifier)| (role.to_owned(), verifier.to_owned()));
    cluster.sql("postgres").rows(rows).into_iter().map(|row| split(row).expect("two parts")).collect()
}

#[test]
fn the_servers_own_verifiers_on_stdout() {
    let cluster = cluster();
    let output = cluster.pgmoat("export pgbouncer --host db.example.com --port 6000").end().code(0);
    let (list, databases) = output.out.split_once("\n; databases.ini\n").expect("both");
    let users = users(list.strip_prefix("; userlist.txt\n").expect("its heading"));
    assert_eq!(users, of_server(&cluster));
    assert_eq!(users.keys().collect::<Vec<_>>(), ["orders_app", "orders_worker_a", "we\"ird; 'name' \\"]);
    assert_eq!(
        databases,
        "[databases]\n\
         Shop-2.x = host=db.example.com port=6000 dbname=Shop-2.x\n\
         orders = host=db.example.com port=6000 dbname=orders\n"
    );
    let _ = output.err_has(&[
        "warning: dotted_app is left out: it has no password\n",
        "warning: orders_new is left out: it has no password\n",
        "warning: orders_old is left out: its password is kept as md5",
        "warning: the database \"an \"\"odd\"\" one, 100%;#\" is left out",
    ]);
}

#[test]
fn in_files_for_nobody_else() {
    let cluster = cluster();
    let told = cluster.pgmoat("export pgbouncer --out etc").end().code(0).out("");
    assert!(!told.err.contains("SCRAM-SHA-256$"), "{told}");
    let mode = |path: &str| cluster.folder.path().join(path).metadata().expect("there").permissions().mode() & 0o777;
    assert_eq!((mode("etc"), mode("etc/userlist.txt"), mode("etc/databases.ini")), (0o700, 0o600, 0o600));
    assert_eq!(users(&cluster.read("etc/userlist.txt")), of_server(&cluster));
    let socket = format!("host={} port=", cluster.server.socket_dir().display());
    assert!(cluster.read("etc/databases.ini").contains(&socket));
    // again, when a password has changed: the file that somebody opened to others is closed
    let admin = cluster.sql("postgres");
    admin.run("ALTER ROLE orders_app PASSWORD 'other'");
    let path = cluster.folder.path().join("etc/userlist.txt");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("chmod");
    let _ = cluster.pgmoat("-q export pgbouncer --out etc").end().code(0).out("").err("");
    assert_eq!(users(&cluster.read("etc/userlist.txt")), of_server(&cluster));
    assert_eq!(mode("etc/userlist.txt"), 0o600);
    assert_eq!(std::fs::read_dir(cluster.folder.path().join("etc")).expect("a folder").count(), 2);
}

#[test]
fn nobody_but_a_superuser() {
    let mut cluster = cluster();
    cluster.sql("postgres").run("CREATE ROLE admin LOGIN CREATEROLE CREATEDB");
    cluster.user = "admin";
    let output = cluster.pgmoat("export pgbouncer").end().code(1).out("");
    let _ = output.err_has(&["only a superuser may read the verifiers", "hint: connect as a superuser"]);
}
