//! New passwords: who holds the one before, and when it is too early.

use crate::shop::{SERVICES, Shop};

#[test]
fn single_changes_the_roles_own() {
    let shop = Shop::open(SERVICES);
    let before = shop.read("orders/app");
    let open = before.open().expect("a session");
    let _ = shop.pgmoat("rotate orders.app --yes").end().code(0).err("").out(
        "orders.app: orders_app has a new password, in secrets/orders/app.json\n\
         deploy anew, since a running container keeps what it got at its start: orders\n",
    );
    let after = shop.read("orders/app");
    assert_eq!(after.user, before.user);
    assert_ne!(after.password, before.password);
    assert!(after.logs_in() && !before.logs_in());
    open.run("SELECT 1");
    assert_eq!(shop.read("orders/app.previous"), before);
    assert_eq!(shop.pending(), [""; 0]);
}

#[test]
fn alternating_lets_the_one_before_live() {
    let shop = Shop::open(SERVICES);
    let first = shop.read("orders/worker");
    let _ = shop.pgmoat("rotate orders.worker --yes").end().code(0).out_has(&["orders_worker_b has a new password"]);
    let second = shop.read("orders/worker");
    assert_eq!((first.user.as_str(), second.user.as_str()), ("orders_worker_a", "orders_worker_b"));
    assert!(first.logs_in() && second.logs_in());

    // containers may still be at work with the first
    let refused = "error: orders.worker: the current password is ";
    let hint = "hint: wait until the service has been deployed anew, or say less with --min-age\n";
    let _ = shop.pgmoat("rotate orders.worker --yes").end().code(5).out("").err_has(&[refused, hint]);
    let session = first.open().expect("a session");
    let _ = shop.pgmoat("rotate orders.worker --yes --min-age 0").end().code(5).out("").err_has(&[
        "error: orders.worker: orders_worker_a is still in use (1 session), and its password would change\nhint: deploy the service anew",
    ]);
    let _ = shop.pgmoat("rotate orders.worker --yes --min-age 0 --retire").end().code(5).err_has(&["orders_worker_a"]);
    assert!(first.logs_in() && second.logs_in());
    assert_eq!(shop.pending(), [""; 0]);
    drop(session);
    let _ = shop.pgmoat("rotate orders.worker --yes --min-age 0").end().code(0);
    let third = shop.read("orders/worker");
    assert_eq!(third.user, "orders_worker_a");
    assert!(!first.logs_in() && second.logs_in() && third.logs_in());
}

#[test]
fn retired_passwords_log_in_no_more() {
    let shop = Shop::open(SERVICES);
    let first = shop.read("orders/worker");
    let _ = shop.pgmoat("rotate orders.worker --retire --yes --min-age 0").end().code(0).out("nothing to do\n");
    let single = shop.pgmoat("rotate orders.app --retire --yes").end().code(0).out("nothing to do\n");
    let _ = single.err_has(&["warning: orders.app has one password, and none before it: its rotation isn't"]);
    let _ = shop.pgmoat("rotate orders.worker --yes").end().code(0);
    let _ = shop
        .pgmoat("rotate orders --retire --yes --min-age 0")
        .end()
        .code(0)
        .err("")
        .out("orders.worker: orders_worker_a has no password any more, until its turn comes\n");
    assert!(!first.logs_in());
    assert!(shop.read("orders/worker").logs_in());
    // its turn comes
    let _ = shop.pgmoat("rotate orders.worker --yes --min-age 0").end().code(0);
    assert_eq!(shop.read("orders/worker").user, "orders_worker_a");
    assert!(shop.read("orders/worker").logs_in());
}

#[test]
fn the_young_stay() {
    let shop = Shop::open(SERVICES);
    let before = shop.read("orders/app");
    let _ = shop.pgmoat("rotate --all --older-than 30d --yes").end().code(0).err("").out("nothing to do\n");
    assert_eq!(shop.read("orders/app"), before);
    let json = shop.pgmoat("rotate orders.app --older-than 0 --yes --format json").end().code(0).out;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((json["format"].as_i64(), json["kind"].as_str()), (Some(1), Some("rotation")));
    assert_eq!(json["logins"][0]["done"], "rotated");
    assert_eq!(json["logins"][0]["role"], "orders_app");
    assert!(!json.to_string().contains(&shop.read("orders/app").password));
}

#[test]
fn what_is_asked_for_must_be_clear() {
    let shop = Shop::open(SERVICES);
    let before = shop.read("orders/app");
    let _ = shop.pgmoat("rotate").end().code(2);
    let _ = shop.pgmoat("rotate --all orders").end().code(2);
    let _ = shop.pgmoat("rotate --all --older-than soon --yes").end().code(2).err_has(&["30d, 12h or 90min"]);
    let _ = shop.pgmoat("rotate --all").end().code(5).err_has(&["there is no terminal to ask on", "--yes"]);
    let _ = shop
        .pgmoat("rotate orders.ap --yes")
        .end()
        .code(1)
        .err("error: the layout has no service or login `orders.ap`\nhint: did you mean `orders.app`?\n");
    let _ = shop.pgmoat("rotate orders.bi --yes").end().code(1).err_has(&["`orders.bi` has no password in the store"]);
    assert_eq!(shop.read("orders/app"), before);
    shop.cluster.layout(SERVICES);
    let _ =
        shop.pgmoat("rotate --all --yes").end().code(1).err_has(&["the layout has no [secrets]", "docs/secrets.md"]);
    let _ = shop.pgmoat("secrets status").end().code(1).err_has(&["the layout has no [secrets]"]);
}

/// Nobody else at the same time: an apply or another rotation.
#[test]
fn one_at_a_time() {
    let shop = Shop::open(SERVICES);
    let admin = shop.admin();
    admin.run("SELECT pg_advisory_lock(123589519958388)");
    let key = "SELECT count(*)::text FROM pg_locks WHERE locktype = 'advisory'";
    assert_eq!(admin.one(key), "1");
    let _ = shop
        .pgmoat("rotate --all --yes")
        .end()
        .code(5)
        .out("")
        .err_has(&["error: another apply or rotation is running"]);
    let _ = shop.pgmoat("secrets repair").end().code(5).out("");
    // who only looks needn't wait
    let _ = shop.pgmoat("secrets status").end().code(0);
}

/// A login, or whoever has its old password, begins to change it, and doesn't end that.
#[test]
fn a_login_changes_its_own_password_and_does_not_commit() {
    let shop = Shop::open(SERVICES);
    let thief = shop.read("orders/app").open().expect("a session");
    thief.run("BEGIN; ALTER ROLE orders_app PASSWORD 'kept'");
    let _ = shop.pgmoat("rotate orders.app --yes --lock-timeout 900ms").end().code(1).err_has(&[
        "the server refused the new password of orders_app",
        "SQLSTATE 55P03); orders_app (",
        " holds a row that its transaction changed",
        "SELECT pg_terminate_backend(",
    ]);
    // nor does it keep the cluster's lock
    let _ = shop.pgmoat("secrets status").end().code(3).out_has(&["a run isn't finished"]);
    drop(thief);
    let _ = shop.pgmoat("rotate orders.app --yes").end().code(0);
}
