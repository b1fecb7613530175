//! Whoever may write into the store is not whom we obey.

use serde_json::json;

use crate::shop::{SERVICES, Shop};

#[test]
fn an_entry_that_names_somebody_else() {
    let shop = Shop::open(SERVICES);
    shop.admin().run("ALTER ROLE postgres PASSWORD 'sesame'");
    let verifiers = || shop.admin().rows("SELECT coalesce(rolpassword, '-') FROM pg_authid ORDER BY rolname");
    let before = verifiers();
    let text = std::fs::read(shop.path("orders/app")).expect("an entry");
    for (key, value, said) in [
        ("username", json!("postgres"), "the current version of `orders/app` names another role than orders.app's"),
        ("username", json!("orders_worker_a"), "names another role than orders.app's"),
        ("dbname", json!("postgres"), "leads to another database than the service's (orders)"),
        ("host", json!("evil.example.com"), "leads to another host than services connect to (127.0.0.1)"),
        ("password", json!(null), "its `password` is missing, or of another type"),
    ] {
        shop.change("orders/app", |entry| entry[key] = value.clone());
        for command in ["rotate orders.app --yes", "secrets repair orders.app"] {
            let _ = shop.pgmoat(command).end().code(1).out("").err_has(&[said]);
        }
        let _ = shop.pgmoat("secrets status orders.app").end().code(3).out_has(&[said]);
        // as a run that died would have left it
        std::fs::copy(shop.path("orders/app"), shop.path("orders/app.pending")).expect("copied");
        for command in ["rotate orders.app --yes", "secrets repair orders.app", "apply --yes"] {
            let refused = shop.pgmoat(command).end().code(1);
            assert!(refused.err.contains(&said.replace("current", "pending")), "{refused}");
        }
        std::fs::remove_file(shop.path("orders/app.pending")).expect("removed");
        std::fs::write(shop.path("orders/app"), &text).expect("written");
        assert_eq!(verifiers(), before, "{key}");
    }
    // how well it is encrypted isn't the entry's to say: this server has no TLS, and the layout says that it needs none
    shop.change("orders/app", |entry| entry["sslmode"] = json!("verify-full"));
    let _ = shop.pgmoat("secrets status").end().code(0);
    let _ = shop.pgmoat("rotate orders.app --yes").end().code(0);
    assert_eq!(shop.json("orders/app")["sslmode"], "disable");
}

/// The server has moved, and that is said.
#[test]
fn another_address() {
    let shop = Shop::open(SERVICES);
    let text = std::fs::read_to_string(shop.cluster.folder.path().join("pgmoat.toml")).expect("a layout");
    shop.cluster.layout(&text.replace("127.0.0.1", "localhost"));
    let _ = shop
        .pgmoat("rotate --all --yes")
        .end()
        .code(1)
        .err_has(&["leads to another host than services connect to (localhost)"]);
    let _ = shop.pgmoat("rotate --all --yes --moved").end().code(0).err("");
    assert_eq!(shop.json("orders/app")["host"], "localhost");
    let _ = shop.pgmoat("secrets status").end().code(0);
}

/// A container can't reach what our connection reaches.
#[test]
fn services_need_an_address() {
    let shop = Shop::of(SERVICES);
    shop.cluster.layout(&format!("[secrets]\nstore = \"aws-secretsmanager\"\n{SERVICES}"));
    let _ = shop.apply().code(1).err_has(&[
        "error: the connection doesn't leave this machine, and the entries need one host that services can reach\n",
        "hint: say in [secrets] what services connect to",
    ]);
    assert_eq!(shop.admin().one("SELECT count(*)::text FROM pg_roles WHERE rolname ~ '^orders'"), "0");
}
