//! Logins that were there before pgmoat kept their passwords, and logins that change how they rotate.

use crate::cluster::NOTHING;
use crate::shop::{SERVICES, Shop};

#[test]
fn a_login_at_work_is_adopted_only_when_the_layout_says_so() {
    let shop = Shop::of(SERVICES);
    shop.cluster.layout("[service.orders.login]\napp = \"dml\"\nworker = \"dml\"\n");
    let _ = shop.apply().code(0).err("");
    shop.admin().run("ALTER ROLE orders_app PASSWORD 'by hand'");
    let services = "[service.orders.login.app]\nrole = \"dml\"\n[service.orders.login.worker]\nrole = \"dml\"\n";
    shop.layout("", services);
    let warning = "warning: no entry in the store: orders.app, orders.worker; they were there before, and adopt = true gives \
                   each a new password with one\n";
    let _ = shop.apply().code(0).out(NOTHING).err(warning);
    assert!(!shop.path("orders/app").exists());

    let adopted = services.replacen("role = \"dml\"\n", "role = \"dml\"\nadopt = true\n", 1);
    shop.layout("", &adopted);
    let note = "orders.app gets a new password if it has no entry in the store yet";
    let _ = shop.pgmoat("plan").end().code(0).out_has(&[note]);
    let _ = shop.pgmoat("apply").end().code(0).err_has(&["warning: not yet adopted: orders.app; apply --yes"]);
    assert!(!shop.path("orders/app").exists());
    let _ = shop.apply().code(0).out_has(&["orders.app: orders_app has its password"]).err_has(&["orders.worker"]);
    assert!(shop.read("orders/app").logs_in());
    let before = shop.read("orders/app");
    let _ = shop.apply().code(0);
    assert_eq!(shop.read("orders/app"), before);

    // the login's own word counts
    let left = services.replacen("worker]\nrole = \"dml\"\n", "worker]\nrole = \"dml\"\nadopt = false\n", 1);
    shop.layout("adopt = true", &left);
    let _ = shop.pgmoat("plan").end().code(0).out_has(&["note: orders.app gets a new password"]);
    let _ = shop.apply().code(0).err_has(&["warning: no entry in the store: orders.worker; they were there before"]);
    assert!(!shop.path("orders/worker").exists());

    shop.layout("adopt = true", services);
    let _ = shop.apply().code(0).err("").out_has(&["orders.worker: orders_worker has its password"]);
}

/// Two slots instead of one role, without a moment in which somebody can't connect.
#[test]
fn from_single_to_alternating() {
    let single = "[service.orders.login.app]\nrole = \"dml\"\n";
    let shop = Shop::open(single);
    let old = shop.read("orders/app");
    let both = format!("{single}rotation = \"alternating\"\nkeep_login = true\n");
    shop.layout("", &both);
    let _ = shop.apply().code(0).out_has(&["orders.app: orders_app_a has the new password"]);
    let first = shop.read("orders/app");
    assert_eq!(first.user, "orders_app_a");
    assert!(old.logs_in() && first.logs_in());
    let _ = shop.pgmoat("rotate orders --yes --min-age 0").end().code(0);
    assert!(old.logs_in() && first.logs_in() && shop.read("orders/app").logs_in());
    shop.layout("", &format!("{single}rotation = \"alternating\"\n"));
    let _ = shop.apply().code(0);
    let refused = old.open().err().and_then(|error| error.sqlstate().map(str::to_owned));
    assert_eq!(refused.as_deref(), Some("28000"));
    assert!(first.logs_in());

    // and back: the role itself, with a password of its own
    shop.layout("", single);
    let _ = shop.apply().code(0).out_has(&["orders.app: orders_app has the new password"]);
    assert_eq!(shop.read("orders/app").user, "orders_app");
    assert!(shop.read("orders/app").logs_in() && !old.logs_in());
}
