//! The lines of `export hba` as the whole pg_hba.conf of a real server: each login gets in where the server itself says that it
//! has CONNECT, among the layout's databases, and nowhere else is anybody even asked for a password.

use std::collections::{BTreeMap, BTreeSet};

use pgmoat::db::ConnectError;
use pgmoat::throwaway::Options;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair};

use crate::cluster::{Cluster, Sql};

/// Names that mean something in pg_hba.conf, and others that need quotes there.
const LAYOUT: &str = r#"
[cluster]
inspector = "ci"

[service.orders.login]
app     = "dml"
migrate = "ddl"
[service.orders.login.worker]
role     = "dml"
rotation = "alternating"
[service.orders.login.moving]
role       = "dml"
rotation   = "alternating"
keep_login = true
[service.orders.table.jobs]
writer = "billing.late"

[service.billing]
database = "two words, \"quoted\" #1"
[service.billing.login]
app     = "dml"
migrate = "ddl"
late    = "ro"
[service.billing.login.card]
role = "ro"
auth = "external"
[[service.billing.uses]]
service = "orders"
tables  = ["orders"]

[service.audit]
database = "orders"
[service.audit.login]
app = "dml"
bi  = "ro"
[[service.audit.uses]]
service = "billing"
tables  = ["*"]
logins  = ["bi"]

[service.all]
database = "all"
login    = { all = { role = "dml", name = "all" }, plus = { role = "dml", name = "+all_dml" } }
[service.same]
database = "sameuser"
login    = { same = { role = "dml", name = "sameuser" }, file = { role = "dml", name = "@orders" } }
[service.slash]
database = "/orders."
login    = { slash = { role = "dml", name = "/o.*" }, space = { role = "dml", name = " a,b \"c\" #d\\" } }
[service.repl]
database = "replication"
login    = { repl = { role = "dml", name = "Replication" } }

[[allow]]
role       = "orders_migrate"
on         = "all"
privileges = ["CONNECT"]
reason     = "the last move"
[[allow]]
role      = "audit_app"
member_of = "billing_ro"
reason    = "until uses says so"
"#;

type Issuer = CertifiedIssuer<'static, KeyPair>;

fn issuer() -> Issuer {
    let mut params = CertificateParams::new(Vec::new()).expect("valid parameters");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a certificate")
}

/// A certificate and its key, in PEM.
fn leaf(issuer: &Issuer, name: &str) -> (String, String) {
    let mut params = CertificateParams::new(Vec::new()).expect("valid parameters");
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    let key = KeyPair::generate().expect("a key");
    (params.signed_by(&key, issuer).expect("a certificate").pem(), key.serialize_pem())
}

fn start(issuer: &Issuer) -> Cluster {
    let (certificate, key) = leaf(issuer, "db.example.com");
    let setting = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    Cluster::with(&Options {
        settings: vec![setting("ssl", "on"), setting("ssl_ca_file", "root.crt")],
        tcp: true,
        hba: Some(LOCAL.to_owned()),
        files: vec![file("server.crt", &certificate), file("server.key", &key), file("root.crt", &issuer.pem())],
        ..Options::default()
    })
}

/// The one line that isn't exported.
const LOCAL: &str = "local all postgres trust\n";

/// The layout, applied, with what an exception keeps and a table that another service writes, and a password for everybody.
fn make(cluster: &Cluster) {
    cluster.layout(LAYOUT);
    let admin = cluster.sql("postgres");
    admin.run("CREATE ROLE orders_migrate LOGIN");
    admin.run("CREATE DATABASE \"all\"");
    admin.run("GRANT CONNECT ON DATABASE \"all\" TO orders_migrate");
    admin.run("CREATE ROLE audit_app LOGIN; CREATE ROLE billing_ro; GRANT billing_ro TO audit_app");
    let apply = || cluster.pgmoat("apply --yes --allow all").end().code(0);
    let _ = apply();
    cluster.sql("orders").run("SET ROLE orders_ddl; CREATE TABLE orders.jobs (); CREATE TABLE orders.orders ()");
    let _ = apply();
    for role in ["stranger", "all_dml_member", "orders"] {
        admin.run(&format!("CREATE ROLE {role} LOGIN"));
    }
    admin.run("GRANT all_dml TO all_dml_member");
    let passwords = "select format('ALTER ROLE %I PASSWORD ''sesame''', rolname) from pg_roles \
                     where oid >= 16384 and rolname <> 'postgres'";
    admin.rows(passwords).iter().for_each(|statement| admin.run(statement));
}

/// By the server's own account: who has LOGIN and CONNECT on what.
fn may_connect(cluster: &Cluster) -> BTreeSet<(String, String)> {
    let admin = cluster.sql("postgres");
    let ours = "select r.rolname::text from pg_roles r \
                where r.rolcanlogin and r.oid >= 16384 and r.rolname not in ('stranger', 'all_dml_member', 'orders')";
    let mut pairs = BTreeSet::new();
    for role in admin.rows(ours) {
        let quoted = role.replace('\'', "''");
        let databases =
            "select d.datname::text from pg_database d where d.datname not in ('postgres', 'template1', 'template0')";
        let may = format!("{databases} and has_database_privilege('{quoted}', d.oid, 'CONNECT')");
        pairs.extend(admin.rows(&may).into_iter().map(|database| (role.clone(), database)));
    }
    // there it is PUBLIC that has CONNECT, and the layout says nothing but of the inspector
    pairs.insert(("ci".to_owned(), "postgres".to_owned()));
    pairs
}

fn connect(cluster: &Cluster, (role, database): (&str, &str), how: &str) -> Result<Sql, ConnectError> {
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('\'', "\\'");
    let (role, database) = (quoted(role), quoted(database));
    let port = cluster.server.port();
    Sql::attempt_open(&format!("host=127.0.0.1 port={port} user='{role}' dbname='{database}' {how}"))
}

/// pg_hba.conf has no line for it. Nothing else counts as kept out: a wrong password, or a lack of CONNECT.
#[track_caller]
fn is_kept_out(result: Result<Sql, ConnectError>, who: &str) {
    match result {
        Ok(_) => panic!("{who} got in"),
        Err(error) => assert!(format!("{error:?}").contains("no pg_hba.conf entry"), "{who}: {error:?}"),
    }
}

#[test]
fn each_login_gets_in_where_it_may_and_nowhere_else() {
    let issuer = issuer();
    let mut cluster = start(&issuer);
    make(&cluster);
    let may = may_connect(&cluster);
    let exported = cluster.bare().args("export hba --address 127.0.0.1/32").end().code(0).err("").out;
    let major: u32 = cluster.sql("postgres").one("show server_version_num").parse::<u32>().expect("a number") / 10_000;
    let hba = format!("{LOCAL}{}", if major < 16 { without_patterns(&exported) } else { exported });
    cluster.server.write_file("pg_hba.conf", hba.as_bytes()).expect("written");
    cluster.server.restart().expect("started again");
    let admin = cluster.sql("postgres");
    let wrong = "select concat_ws(' ', line_number, error) from pg_hba_file_rules where error is not null";
    assert_eq!(admin.rows(wrong), Vec::<String>::new(), "{hba}");

    let roles = admin.rows("select rolname::text from pg_roles where oid >= 16384");
    let databases = admin.rows("select datname::text from pg_database where datallowconn");
    let (certificate, key) = leaf(&issuer, "billing_card");
    let (certificate, key) = (cluster.write("card.crt", certificate), cluster.write("card.key", key));
    secret(&key);
    let card = format!("sslmode=require sslcert='{}' sslkey='{}'", certificate.display(), key.display());
    let mut entered = BTreeMap::<String, usize>::new();
    for role in &roles {
        let how = if role == "billing_card" { card.as_str() } else { "sslmode=require password=sesame" };
        for database in &databases {
            let who = format!("{role} to {database}");
            let result = connect(&cluster, (role, database), how);
            if may.contains(&(role.clone(), database.clone())) {
                let session = result.unwrap_or_else(|error| panic!("{who}: {error:?}\n{hba}"));
                assert_eq!(
                    session.one("select session_user::text || '@' || current_database()"),
                    format!("{role}@{database}")
                );
                *entered.entry(role.clone()).or_default() += 1;
                // in the clear, nobody
                is_kept_out(connect(&cluster, (role, database), "sslmode=disable password=sesame"), &who);
            } else {
                is_kept_out(result, &who);
            }
        }
    }
    assert_eq!(entered.values().sum::<usize>(), may.len());
    for (role, databases) in
        [("billing_late", 2), ("orders_migrate", 2), ("audit_app", 2), ("orders_worker_b", 1), ("ci", 7)]
    {
        assert_eq!(entered.get(role), Some(&databases), "{role}: {entered:?}");
    }
    assert!(!entered.contains_key("orders_worker") && !entered.contains_key("stranger"));
    // the certificate is another's
    let error =
        connect(&cluster, ("billing_card", "two words, \"quoted\" #1"), "sslmode=require password=sesame").err();
    assert!(format!("{error:?}").contains("certificate"), "{error:?}");
}

/// As the comment says: before 16 a slash means nothing.
fn without_patterns(hba: &str) -> String {
    let mut before = None;
    let mut lines = Vec::new();
    for line in hba.lines() {
        let named = line.strip_prefix("# before PostgreSQL 16, which has no patterns, the next database is ");
        match (named, before.take()) {
            (Some(name), _) => before = Some(name),
            (None, Some(name)) => lines.push(line.replace("\"/^\\/orders\\.$\"", name)),
            (None, None) => lines.push(line.to_owned()),
        }
    }
    assert!(lines.iter().any(|line| line.contains("\"/orders.\"")) && !hba.contains("hostssl \"/orders.\""), "{hba}");
    lines.join("\n") + "\n"
}

fn secret(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).expect("chmod");
}

#[test]
fn a_name_that_no_line_can_hold_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let layout = "[service.a.login]\napp = { role = \"dml\", name = \"two\\nlines\" }\n";
    std::fs::write(folder.path().join("pgmoat.toml"), layout).expect("written");
    let output = crate::run::Run::new(folder.path()).args("export hba").end().code(1).out("");
    let _ = output.err_has(&["pg_hba.conf has no escape for the hidden characters of U&\"two\\000Alines\"", "hint: "]);
}

/// It would be a line for a host of that name.
#[test]
fn a_service_is_no_second_address() {
    let folder = tempfile::tempdir().expect("a folder");
    let layout = "[service.orders.login.app]\nrole = \"dml\"\n";
    std::fs::write(folder.path().join("pgmoat.toml"), layout).expect("written");
    let run = |args: &str| crate::run::Run::new(folder.path()).args("export hba").args(args).end();
    let _ = run("--address 10.0.0.0/8 orders").code(2).out("").err_has(&["unexpected argument 'orders'"]);
    for two in ["--address 10.0.0.0/8,10.1.0.7", "--address 10.0.0.0/8 --address 10.1.0.7"] {
        let _ = run(two).code(0).out_has(&["10.0.0.0/8", "10.1.0.7/32"]);
    }
}
