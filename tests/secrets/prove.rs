//! `prove --live --with-secrets`: every login tries by itself, and nobody is a superuser.

use std::collections::BTreeMap;

use pgmoat::throwaway::Options;
use serde_json::{Value, json};

use crate::cluster::Cluster;
use crate::run::Output;
use crate::shop::Shop;

/// Two walls, each with a login of each kind.
pub(crate) const SERVICES: &str = "
[cluster]
provisioner = \"pgmoat_admin\"
[service.orders]
public_schema = \"open\"
[service.orders.login.app]
role = \"dml\"
[service.orders.login.worker]
role     = \"dml\"
rotation = \"alternating\"
[service.orders.login.bi]
role = \"ro\"
auth = \"external\"
[service.billing]
public_schema = \"open\"
[service.billing.login.app]
role = \"dml\"
[service.billing.login.migrate]
role = \"ddl\"
";

pub(crate) const LIVE: &str = "prove --live --with-secrets";

/// Applied, with a table on each side; `ann` connects, who is no superuser.
pub(crate) fn two_walls(options: Options) -> Shop {
    let mut shop = Shop { cluster: Cluster::with(&Options { tcp: true, ..options }) };
    let make = "CREATE ROLE pgmoat_admin NOLOGIN CREATEROLE CREATEDB; CREATE ROLE ann LOGIN; GRANT pgmoat_admin TO ann";
    shop.admin().run(make);
    shop.cluster.user = "ann";
    shop.layout("", SERVICES);
    let _ = shop.apply().code(0);
    for service in ["orders", "billing"] {
        let make = "CREATE TABLE {}.t (id int PRIMARY KEY, note text); CREATE SEQUENCE {}.s; \
                    CREATE FUNCTION {}.f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'";
        let sql = format!("SET ROLE {service}_ddl; {}", make.replace("{}", service));
        shop.cluster.sql(service).run(&sql);
    }
    shop
}

pub(crate) fn open() -> Shop {
    two_walls(Options::default())
}

pub(crate) fn live(output: &Output) -> Value {
    let proof: Value = serde_json::from_str(&output.out).expect("JSON");
    proof["live"].clone()
}

fn tried(live: &Value) -> u64 {
    live["tried"].as_u64().expect("a number")
}

pub(crate) fn number(shop: &Shop) -> u32 {
    shop.admin().one("SHOW server_version_num").parse().expect("a number")
}

/// What the server has said since then.
pub(crate) fn log_after(shop: &Shop, start: usize) -> String {
    shop.cluster.server.log().expect("a log").split_off(start)
}

#[test]
fn each_login_tries_both_sides_of_the_wall() {
    let shop = two_walls(Options { settings: vec![("log_connections".into(), "on".into())], ..Options::default() });
    // as he is, he can't
    let _ = shop.pgmoat("prove --live").end().code(5).out("").err_has(&[
        "SET SESSION AUTHORIZATION",
        "hint: connect as a superuser",
        "hint: --with-secrets logs in as each login instead",
    ]);
    let start = shop.cluster.server.log().expect("a log").len();
    let output = shop.pgmoat(&format!("{LIVE} --format json")).end().code(0).err("");
    let log = log_after(&shop, start);
    let live = live(&output);
    assert_eq!(live["disagreements"], json!([]), "{live:#}");
    assert!(tried(&live) > 60, "{live:#}");
    let claims: BTreeMap<&str, u64> = live["claims"]
        .as_array()
        .expect("claims")
        .iter()
        .map(|claim| (claim["claim"].as_str().expect("text"), claim["tried"].as_u64().expect("a number")))
        .collect();
    for service in ["orders", "billing"] {
        // four logins of whom we have the secret: two may, two may not
        let connect = format!("only the logins of {service} and those declared connect to it");
        assert_eq!(claims.get(connect.as_str()), Some(&4), "{live:#}");
    }
    assert_eq!(claims.get("orders_app can't act as orders_ddl"), Some(&1), "{live:#}");
    // once each, and nobody else; the server says who it is before it looks at CONNECT
    for (login, here, there) in [
        ("orders_app", "orders", "billing"),
        ("orders_worker_a", "orders", "billing"),
        ("billing_app", "billing", "orders"),
        ("billing_migrate", "billing", "orders"),
    ] {
        let comes = |database| log.matches(&format!("authorized: user={login} database={database} ")).count();
        assert_eq!((comes(here), comes(there)), (1, 1), "{login}\n{log}");
    }
    for database in ["orders", "billing"] {
        assert_eq!(log.matches(&format!("permission denied for database \"{database}\"")).count(), 2, "{log}");
    }
    assert!(!log.contains("user=orders_worker_b") && !log.contains("user=orders_bi"), "{log}");
    assert!(!log.contains("authorized: user=postgres"), "{log}");
    assert_eq!(
        live["untried"],
        json!([
            "orders_bi: it has no password: auth = \"external\"",
            "orders_worker_b: `orders/worker` has the password of orders_worker_a now"
        ])
    );
    assert_eq!(live["logins"], json!({ "all": 6, "tried": 4 }));
    for entry in ["orders/app", "orders/worker", "billing/app", "billing/migrate"] {
        assert!(!output.out.contains(&shop.read(entry).password), "{output}");
    }
    // and for people
    let _ = shop.pgmoat(LIVE).end().code(0).err("").out_has(&[
        "every one holds\n",
        "not tried: orders_worker_b: `orders/worker` has the password of orders_worker_a now\n",
        "the server agrees with the catalog on all; not tried everywhere: 2 of 6 logins\n",
    ]);
}

/// The same tries by a superuser, who needs no secret.
#[test]
fn both_ways_try_the_same() {
    let mut shop = open();
    let by_secrets = live(&shop.pgmoat(&format!("{LIVE} --format json")).end().code(0));
    shop.cluster.user = "postgres";
    let by_superuser = live(&shop.pgmoat("prove --live --format json").end().code(0));
    let of_those_tried = |live: &Value| -> Vec<Value> {
        let of = |login: &str, claim: &Value| claim["claim"].as_str().is_some_and(|it| it.starts_with(login));
        let tried = ["orders_app can't", "orders_worker_a can't", "billing_app can't", "billing_migrate can't"];
        let claims = live["claims"].as_array().expect("claims").iter();
        claims.filter(|claim| tried.iter().any(|login| of(login, claim))).cloned().collect()
    };
    assert_eq!(of_those_tried(&by_secrets), of_those_tried(&by_superuser));
    assert!(of_those_tried(&by_secrets).len() > 20, "{by_secrets:#}");
    assert!(tried(&by_superuser) > tried(&by_secrets));
    assert_eq!(by_superuser["logins"]["tried"], by_superuser["logins"]["all"]);
    // a superuser may do it the other way, too
    assert_eq!(live(&shop.pgmoat(&format!("{LIVE} --format json")).end().code(0))["claims"], by_secrets["claims"]);
}

#[test]
fn the_slot_whose_turn_it_is() {
    let shop = open();
    let _ = shop.pgmoat("rotate orders.worker --yes").end().code(0);
    let _ = shop.pgmoat(LIVE).end().code(0).out_has(&[
        "not tried: orders_worker_a: `orders/worker` has the password of orders_worker_b now\n",
        "the server agrees with the catalog on all; not tried everywhere: 2 of 6 logins\n",
    ]);
}

/// Somebody opens the wall by hand: the server says so, too, and so it is no disagreement.
#[test]
fn what_is_broken_is_broken_on_both_sides() {
    let shop = open();
    shop.cluster.sql("orders").run(
        "GRANT CONNECT ON DATABASE orders TO billing_app; GRANT USAGE ON SCHEMA orders TO billing_app; \
         GRANT UPDATE (note) ON orders.t TO billing_app; GRANT orders_ddl TO orders_worker",
    );
    let output = shop.pgmoat(&format!("{LIVE} --format json")).end().code(4).err("");
    let live = live(&output);
    assert_eq!(live["disagreements"], json!([]), "{live:#}");
    let _ = shop.pgmoat(LIVE).end().code(4).out_has(&[
        "violated[undeclared-connect]: billing_app can CONNECT to orders\n",
        "the server agrees with the catalog on all; ",
    ]);
}

/// From 17 on there are event triggers for logins; before, the server doesn't know the word.
pub(crate) fn has_login_triggers(shop: &Shop) -> bool {
    let made = shop.cluster.sql("billing").attempt("CREATE EVENT TRIGGER t ON login EXECUTE FUNCTION missing()");
    let knows = number(shop) >= 170_000;
    assert_eq!(made.expect_err("no such function").sqlstate(), Some(if knows { "42883" } else { "42601" }));
    knows
}

/// A comparison that can't fail shows nothing: from 17 on a login's session may be given something that the catalog hadn't a moment before.
#[test]
fn a_disagreement_is_found() {
    let shop = open();
    if !has_login_triggers(&shop) {
        return;
    }
    shop.cluster.sql("billing").run(
        "CREATE FUNCTION public.gift() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$ \
         BEGIN IF session_user = 'billing_app' THEN GRANT TRUNCATE ON billing.t TO billing_app; END IF; END $$; \
         CREATE EVENT TRIGGER gift ON login EXECUTE FUNCTION public.gift()",
    );
    let _ =
        shop.pgmoat(LIVE).end().code(1).err_has(&["the cluster has changed while the claims were tried"]).out_has(&[
            "billing_app TRUNCATE billing.billing.t: the catalog says no, the server yes\n",
            "they disagree; not tried",
        ]);
}

/// Names and a role that a login's settings would put before the server's own.
#[test]
fn a_logins_settings_change_no_answer() {
    let shop = open();
    let before = live(&shop.pgmoat(&format!("{LIVE} --format json")).end().code(0));
    shop.cluster.sql("billing").run(
        "CREATE SCHEMA evil; GRANT USAGE ON SCHEMA evil TO PUBLIC; \
         CREATE FUNCTION evil.no(text, text) RETURNS bool LANGUAGE sql AS 'SELECT false'; \
         CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.no); \
         ALTER ROLE billing_app SET search_path = evil, pg_catalog; ALTER ROLE billing_app SET role = billing_dml",
    );
    let output = shop.pgmoat(&format!("{LIVE} --format json")).end();
    assert_eq!(before, live(&output), "{output}");
}
