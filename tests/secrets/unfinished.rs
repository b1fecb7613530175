//! A run has died, and what it began is pending: who goes on with it, and who waits.

use crate::cluster::NOTHING;
use crate::shop::{SERVICES, Shop};

/// As a run leaves it that died before it reached the server.
fn begun(shop: &Shop, entry: &str, role: &str) {
    let pending = format!("{entry}.pending");
    std::fs::copy(shop.path(entry), shop.path(&pending)).expect("copied");
    shop.change(&pending, |value| {
        let place = format!("127.0.0.1:{}/orders?sslmode=disable", shop.cluster.server.port());
        value["url"] = format!("postgresql://{role}:BegunByARunThatDied1234567890abc@{place}").into();
        value["username"] = role.into();
        value["version"] = "3f0b7c1e-0d0a-4d7a-9a55-2f1d3f0b7c1e".into();
        value["password"] = "BegunByARunThatDied1234567890abc".into();
    });
}

#[test]
fn an_apply_that_nobody_agreed_to_changes_no_password() {
    let shop = Shop::open(SERVICES);
    begun(&shop, "orders/app", "orders_app");
    let before = shop.read("orders/app");
    let _ = shop.pgmoat("apply").end().code(0).err("").out(&format!(
        "{NOTHING}orders.app: a run had begun a new password; rotate, secrets repair or apply --yes goes on with it\n"
    ));
    assert!(before.logs_in() && shop.read("orders/app") == before);
    let _ = shop.pgmoat("secrets status").end().code(3).out_has(&["a run isn't finished"]);
    let _ = shop.pgmoat("apply --yes").end().code(0).out_has(&[
        "orders.app: orders_app has the new password that a run before had begun, in secrets/orders/app.json\n",
        "deploy anew, since a running container keeps what it got at its start: orders\n",
    ]);
    assert!(!before.logs_in() && shop.read("orders/app").logs_in());
}

/// It died once the server had been told: who reads the store must get what logs in, and that hurts nobody.
#[test]
fn what_the_server_has_already_needs_no_agreement() {
    let shop = Shop::open(SERVICES);
    begun(&shop, "orders/app", "orders_app");
    shop.admin().run("ALTER ROLE orders_app PASSWORD 'BegunByARunThatDied1234567890abc'");
    let _ =
        shop.pgmoat("apply").end().code(0).out_has(&["orders_app has the new password that a run before had begun"]);
    assert!(shop.read("orders/app").logs_in());
}

#[test]
fn a_slot_at_work_keeps_its_password() {
    let shop = Shop::open(SERVICES);
    let first = shop.read("orders/worker");
    let _ = shop.pgmoat("rotate orders.worker --yes").end().code(0);
    assert_eq!((first.user.as_str(), &*shop.read("orders/worker").user), ("orders_worker_a", "orders_worker_b"));
    begun(&shop, "orders/worker", "orders_worker_a");
    let session = first.open().expect("a session");
    for (command, code) in
        [("rotate orders.worker --yes --min-age 0", 5), ("secrets repair orders.worker", 5), ("apply --yes", 1)]
    {
        let _ = shop.pgmoat(command).end().code(code).err_has(&["orders_worker_a is still in use (1 session)"]);
        assert!(first.logs_in(), "{command}");
    }
    drop(session);
    let _ = shop.pgmoat("secrets repair orders.worker").end().code(0).out_has(&["that a run before had begun"]);
    assert!(!first.logs_in() && shop.read("orders/worker").logs_in());
}

#[test]
fn retire_goes_on_with_it_and_takes_nothing() {
    let shop = Shop::open(SERVICES);
    let first = shop.read("orders/worker");
    begun(&shop, "orders/worker", "orders_worker_b");
    let retired = shop.pgmoat("rotate orders.worker --retire --yes --min-age 0").end().code(0);
    assert!(retired.out.contains("orders_worker_b has the new password that a run before had begun"), "{retired}");
    assert!(first.logs_in() && shop.read("orders/worker").logs_in());
}

/// Else nobody could log in any more.
#[test]
fn retire_leaves_the_only_password_that_works() {
    let shop = Shop::open(SERVICES);
    let first = shop.read("orders/worker");
    let _ = shop.pgmoat("rotate orders.worker --yes").end().code(0);
    shop.admin().run("ALTER ROLE orders_worker_b PASSWORD NULL");
    let _ = shop
        .pgmoat("rotate orders.worker --retire --yes --min-age 0")
        .end()
        .code(1)
        .err_has(&["the stored password of orders_worker_b doesn't log in", "hint: pgmoat secrets repair"]);
    assert!(first.logs_in());
}

/// A new address is one thing, somebody else's role another.
#[test]
fn moved_is_not_another_role() {
    let shop = Shop::open(SERVICES);
    shop.change("orders/app", |entry| {
        entry["host"] = "db.other".into();
        entry["username"] = "orders_worker_a".into();
    });
    let text = std::fs::read(shop.path("orders/app")).expect("an entry");
    let refused = shop.pgmoat("rotate orders.app --yes --moved").end().code(1);
    assert!(refused.err.contains("names another role than orders.app's"), "{refused}");
    assert_eq!(std::fs::read(shop.path("orders/app")).expect("an entry"), text);
}

#[test]
fn status_says_what_kept_a_login_out() {
    let shop = Shop::open(SERVICES);
    shop.admin().run("ALTER ROLE orders_app CONNECTION LIMIT 0");
    let _ = shop
        .pgmoat("secrets status orders.app")
        .end()
        .code(3)
        .out_has(&["the login of orders_app was tried in vain: ", "too many connections for role \"orders_app\""]);
}
