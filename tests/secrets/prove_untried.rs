//! `prove --live --with-secrets` where a login can't be tried: which, and why, is said; nothing looks whole that isn't.

use pgmoat::throwaway::Options;
use serde_json::json;

use crate::prove::{LIVE, SERVICES, has_login_triggers, live, log_after, open, two_walls};

#[test]
fn an_entry_that_is_missing_wrong_or_somebody_elses() {
    let shop = open();
    std::fs::remove_file(shop.path("orders/app")).expect("removed");
    shop.change("orders/worker", |entry| entry["password"] = "by hand".into());
    shop.change("billing/migrate", |entry| entry["username"] = "postgres".into());
    let start = shop.cluster.server.log().expect("a log").len();
    let output = shop.pgmoat(LIVE).end().code(6).err("").out_has(&[
        "not seen: what billing_migrate can do\n  why: the current version of `billing/migrate` names another role",
        "to do: `pgmoat secrets status` shows",
        "not seen: what orders_app can do\n  why: there is no entry `orders/app`\n",
        "not tried: billing_migrate: the current version of `billing/migrate` names another role than billing.migrate's\n",
        "not tried: orders_app: there is no entry `orders/app`\n",
        "not tried: orders_worker_a: its stored password doesn't log in; `pgmoat secrets repair` sets it\n",
        "the server agrees with the catalog on all; not tried everywhere: 5 of 6 logins\n",
    ]);
    assert!(!output.out.contains("by hand"), "{output}");
    // a wrong password is told to the server once, not in every database
    let refused = "password authentication failed for user";
    assert_eq!(log_after(&shop, start).matches(refused).count(), 1);
    // and one that leads elsewhere to nobody
    shop.change("billing/app", |entry| entry["host"] = "10.0.0.1".into());
    let output = shop.pgmoat(LIVE).end().code(1).out("").err_has(&[
        "error: failed to try the claims: no login could be tried with its secret\n",
        "  billing_app: the current version of `billing/app` leads to another host than services connect to (127.0.0.1)\n",
        "  orders_app: there is no entry `orders/app`\n",
        "hint: `pgmoat secrets status`",
    ]);
    assert!(!output.err.contains("by hand"), "{output}");
}

/// A role that somebody took away, one that may not log in any more, and one that the layout doesn't know.
#[test]
fn a_role_that_is_kept_out() {
    let shop = open();
    shop.cluster.sql("postgres").run(
        "ALTER ROLE billing_migrate VALID UNTIL '2020-01-01'; ALTER ROLE orders_app NOLOGIN; \
         CREATE ROLE bob LOGIN; ALTER ROLE billing_app CONNECTION LIMIT 0",
    );
    let output = shop.pgmoat(&format!("{LIVE} --format json")).end().code(6);
    let live = live(&output);
    let expected = [
        "billing_app: in billing, its login was refused: too many connections for role \"billing_app\" (SQLSTATE 53300)",
        "billing_migrate: the password of \"billing_migrate\" has expired (VALID UNTIL)",
        "bob: the layout keeps no password of it",
        "orders_app: orders_app has no LOGIN",
    ];
    for line in expected {
        assert!(live["untried"].as_array().is_some_and(|all| all.contains(&line.into())), "{line}: {live:#}");
    }
    assert_eq!(live["logins"], json!({ "all": 7, "tried": 1 }), "{live:#}");
}

/// pg_hba.conf decides before anybody looks at CONNECT.
#[test]
fn what_pg_hba_conf_keeps_out_says_nothing_of_connect() {
    let hba = "local all all trust\nhost orders orders_app 127.0.0.1/32 scram-sha-256\n\
               host all orders_worker_a,billing_app,billing_migrate 127.0.0.1/32 scram-sha-256\n";
    let shop = two_walls(Options { hba: Some(hba.to_owned()), ..Options::default() });
    let output = shop.pgmoat(&format!("{LIVE} --format json")).end().code(6);
    let live = live(&output);
    assert_eq!(live["disagreements"], json!([]));
    let said = live["untried"].to_string();
    let line = "orders_app: in billing, its login was refused: no pg_hba.conf entry for host";
    assert!(said.contains(line) && said.contains("SQLSTATE 28000"), "{live:#}");
    assert!(!said.contains("in orders"), "{live:#}");
    assert_eq!(live["logins"], json!({ "all": 6, "tried": 3 }), "{live:#}");
}

/// Where pg_hba.conf asks for no password, a login is one all the same.
#[test]
fn without_being_asked_for_a_password() {
    let hba = "local all all trust\nhost all all 127.0.0.1/32 trust\n";
    let shop = two_walls(Options { hba: Some(hba.to_owned()), ..Options::default() });
    let _ = shop.pgmoat(LIVE).end().code(0).out_has(&["agrees with the catalog on all; not tried everywhere: 2 of 6"]);
}

/// A login event trigger (from 17 on) that is refused something ends a login with the SQLSTATE of a missing CONNECT.
#[test]
fn a_login_event_trigger_that_fails_is_no_missing_connect() {
    let shop = open();
    if !has_login_triggers(&shop) {
        return;
    }
    shop.cluster.sql("billing").run(
        "CREATE TABLE public.seen (who text); CREATE FUNCTION public.seen() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN \
         IF session_user ~ '^billing' THEN INSERT INTO public.seen VALUES (session_user); END IF; END $$; \
         CREATE EVENT TRIGGER seen ON login EXECUTE FUNCTION public.seen()",
    );
    let live = live(&shop.pgmoat(&format!("{LIVE} --format json")).end());
    assert_eq!(live["disagreements"], json!([]), "{live:#}");
    let line = "billing_app: in billing, its login was refused: permission denied for table seen (SQLSTATE 42501)";
    assert!(live["untried"].as_array().is_some_and(|all| all.contains(&line.into())), "{live:#}");
}

/// Where nobody answers, nobody is waited for in vain a second time.
#[test]
fn where_services_connect_is_nobody() {
    let shop = open();
    shop.cluster.layout(&format!(
        "[secrets]\nstore = \"file\"\nhost = \"127.0.0.1\"\nport = 1\nsslmode = \"disable\"\n{SERVICES}"
    ));
    let _ = shop.pgmoat(LIVE).end().code(1).out("").err_has(&["leads to another port than services connect to (1)\n"]);
    for entry in ["orders/app", "orders/worker", "billing/app", "billing/migrate"] {
        shop.change(entry, |entry| entry["port"] = 1.into());
    }
    let _ = shop.pgmoat(LIVE).end().code(1).out("").err_has(&["failed to connect: 127.0.0.1:1 can't be reached"]);
}

#[test]
fn where_there_is_no_store() {
    let shop = open();
    shop.cluster.layout(SERVICES);
    let _ = shop
        .pgmoat(LIVE)
        .end()
        .code(1)
        .out("")
        .err_has(&["error: the layout has no [secrets], so pgmoat keeps no passwords\n", "hint: docs/secrets.md"]);
    let refused = shop.pgmoat("prove --live").end().code(5).out("");
    assert!(!refused.err.contains("--with-secrets"), "{refused}");
    let _ = shop.pgmoat("prove --with-secrets").end().code(2).err_has(&["--live"]);
}
