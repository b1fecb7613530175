//! It writes nothing.

use pgmoat::throwaway::Options;

use super::{holes, shop_on};
use crate::cluster::Cluster;

/// No transaction of its sessions has a number, which the first write would give it.
#[test]
fn no_transaction_writes() {
    let cluster = holes();
    cluster.sql("postgres").run("ALTER SYSTEM SET autovacuum = off");
    cluster.sql("postgres").run("SELECT pg_reload_conf()");
    let observer = cluster.sql("postgres");
    let next = || observer.one("SELECT pg_snapshot_xmax(pg_current_snapshot())::text");
    let (before, number) = (cluster.catalog(), next());
    for format in ["text", "json", "markdown", "github", "sarif", "junit"] {
        let _ = cluster.pgmoat("drift --format").arg(format).end().code(4);
    }
    assert_eq!(next(), number, "somebody has written");
    assert_eq!(cluster.catalog(), before);
    observer.run("CREATE ROLE proof_that_it_would_show");
    assert_ne!(next(), number);
}

/// Its sessions say nothing but questions, in transactions that may not write. The sessions themselves aren't set so: that would stay
/// with a pooler's next client, and mean something to `target_session_attrs`.
#[test]
fn its_sessions_only_ask() {
    let settings = [("log_statement", "all"), ("log_line_prefix", "%a: ")];
    let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let cluster = shop_on(Cluster::with(&Options { settings, ..Options::default() }));
    let log = || cluster.server.log().expect("a log");
    let before = log().len();
    let _ = cluster.pgmoat("drift").env("PGTARGETSESSIONATTRS", "read-write").end().code(0).err("");
    let log = log();
    let said: Vec<&str> = log[before..].lines().filter_map(|line| line.strip_prefix("pgmoat: LOG:  ")).collect();
    let verbs: Vec<&str> = said
        .iter()
        .filter_map(|line| {
            let sql = line.split_once(": ").filter(|(head, _)| *head == "statement" || head.starts_with("execute "))?.1;
            // our questions begin with a comment, and go on in the next line; a parameter of our own session is nobody else's
            (!sql.starts_with("--") && !sql.starts_with("SET client_connection_check_interval"))
                .then(|| sql.split(' ').next().unwrap_or_default())
        })
        .collect();
    assert!(said.len() > 30, "{said:#?}");
    assert!(verbs.contains(&"BEGIN"), "{said:#?}");
    let others: Vec<_> =
        verbs.iter().filter(|verb| !["BEGIN", "COMMIT", "ROLLBACK", "SELECT", "SHOW"].contains(verb)).collect();
    assert!(others.is_empty(), "{others:?}");
    let begins = said.iter().filter(|line| line.contains("BEGIN")).count();
    assert_eq!(begins, said.iter().filter(|line| line.contains("READ ONLY")).count());
}
