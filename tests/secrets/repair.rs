//! The store says what is right.

use crate::shop::{SERVICES, Shop};

#[test]
fn what_somebody_changed_by_hand() {
    let shop = Shop::open(SERVICES);
    let before = shop.read("orders/app");
    shop.admin().run("ALTER ROLE orders_app PASSWORD 'by hand'; ALTER ROLE orders_worker_a PASSWORD NULL");
    let _ = shop.pgmoat("secrets status").end().code(3).err("").out_has(&[
        "orders_app        doesn't log in\n",
        "orders_migrate_a  logs in\n",
        "orders_worker_a   doesn't log in\n",
    ]);
    // which side is right isn't for a rotation to say
    let _ = shop.pgmoat("rotate --all --yes").end().code(1).err_has(&[
        "error: orders.app: the stored password of orders_app doesn't log in\nhint: pgmoat secrets repair",
        "error: orders.worker: the stored password of orders_worker_a doesn't log in\n",
    ]);
    assert_eq!(shop.read("orders/app"), before);
    let _ = shop.pgmoat("secrets repair").end().code(0).err("").out(
        "orders.app: orders_app has the password again that is in secrets/orders/app.json\n\
         orders.worker: orders_worker_a has the password again that is in secrets/orders/worker.json\n",
    );
    assert!(before.logs_in());
    let _ = shop.pgmoat("secrets repair").end().code(0).err("").out("nothing to do\n");
    let _ = shop.pgmoat("secrets status").end().code(0);
}

/// Where a login is refused for another reason than its password, nobody knows about the password, and it stays.
#[test]
fn other_reasons_change_nothing() {
    let shop = Shop::open(SERVICES);
    let verifiers = || shop.admin().rows("SELECT coalesce(rolpassword, '-') FROM pg_authid ORDER BY rolname");
    let before = (verifiers(), shop.read("orders/app"));
    for (sql, undo, said) in [
        (
            "ALTER ROLE orders_app VALID UNTIL '2020-01-01'",
            "ALTER ROLE orders_app VALID UNTIL 'infinity'",
            "the password of \"orders_app\" has expired (VALID UNTIL)",
        ),
        ("ALTER ROLE orders_app NOLOGIN", "ALTER ROLE orders_app LOGIN", "orders_app has no LOGIN"),
        (
            "CREATE ROLE rds_iam; GRANT rds_iam TO orders_app",
            "DROP ROLE rds_iam",
            "orders_app is a member of rds_iam: RDS asks it for a token",
        ),
    ] {
        shop.admin().run(sql);
        for command in ["rotate orders.app --yes", "secrets repair orders.app"] {
            let _ = shop.pgmoat(command).end().code(1).out("").err_has(&[said]);
        }
        let _ = shop.pgmoat("secrets status orders.app").end().code(3).out_has(&[said]);
        shop.admin().run(undo);
        assert_eq!((verifiers(), shop.read("orders/app")), before, "{sql}");
        assert_eq!(shop.pending(), [""; 0], "{sql}");
    }
}

/// What the server asks after the password shows that it is right.
#[test]
fn what_is_refused_after_the_password() {
    let shop = Shop::open(SERVICES);
    for (sql, undo, said) in [
        (
            "ALTER ROLE orders_app CONNECTION LIMIT 0",
            "ALTER ROLE orders_app CONNECTION LIMIT -1",
            "too many connections for role",
        ),
        (
            "REVOKE CONNECT ON DATABASE orders FROM orders_dml",
            "GRANT CONNECT ON DATABASE orders TO orders_dml",
            "permission denied for database",
        ),
    ] {
        let before = shop.read("orders/app");
        shop.admin().run(sql);
        let _ = shop.pgmoat("secrets status orders.app").end().code(3).out_has(&[said]);
        let _ = shop
            .pgmoat("secrets repair orders.app")
            .end()
            .code(6)
            .out("nothing to do\n")
            .err_has(&["warning: orders.app: ", said]);
        let _ = shop.pgmoat("rotate orders.app --yes").end().code(6).err_has(&["warning: orders.app: ", said]);
        shop.admin().run(undo);
        assert!(!before.logs_in() && shop.read("orders/app").logs_in(), "{sql}");
        assert_eq!(shop.pending(), [""; 0], "{sql}");
    }
}

#[test]
fn a_lost_entry_is_no_reason_for_a_new_password() {
    let shop = Shop::open(SERVICES);
    let before = shop.read("orders/app");
    std::fs::remove_file(shop.path("orders/app")).expect("removed");
    for command in ["rotate orders.app --yes", "secrets repair orders.app"] {
        let _ = shop.pgmoat(command).end().code(1).err_has(&["there is no entry `orders/app`\n", "adopt = true"]);
    }
    let _ = shop.pgmoat("secrets status").end().code(3).out_has(&["orders/app      single       -    -", "no entry\n"]);
    let _ = shop.apply().code(0).err_has(&["warning: no entry in the store: orders.app; "]);
    assert!(before.logs_in());
}
