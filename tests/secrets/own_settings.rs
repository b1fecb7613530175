//! A login sets for itself what keeps its sessions from starting or answering: it gets a new password all the same, and is tried.

use serde_json::{Value, json};

use crate::cluster::wait_until;
use crate::prove::{LIVE, has_login_triggers, number};
use crate::shop::{Credential, Shop};

const SERVICES: &str = "
[service.orders.login.app]
role = \"dml\"
[service.billing.login.app]
role = \"dml\"
";

/// Each alone keeps a session from starting, or from answering as others do.
const HOSTILE: &[(u32, &str)] = &[
    (14, "local_preload_libraries = 'none-such'"),
    (14, "statement_timeout = '1ms'"),
    (14, "lock_timeout = '1ms'"),
    (14, "idle_session_timeout = '1ms'"),
    (14, "idle_in_transaction_session_timeout = '1ms'"),
    (17, "transaction_timeout = '1ms'"),
    (14, "default_transaction_read_only = on"),
    (14, "default_transaction_isolation = 'serializable'"),
    (14, "search_path = ''"),
    (14, "role = none"),
    (14, "client_encoding = 'SQL_ASCII'"),
    (14, "\"DateStyle\" = 'German'"),
    (14, "\"TimeZone\" = 'Asia/Kathmandu'"),
    (14, "client_min_messages = 'error'"),
    (14, "bytea_output = 'escape'"),
    (14, "row_security = off"),
    (14, "session_authorization = 'postgres'"),
    (14, "work_mem = '64kB'"),
    (14, "timezone_abbreviations = 'India'"),
];

/// As the login itself.
fn set(shop: &Shop, only: Option<&str>) {
    let admin = shop.admin();
    admin.run("SET SESSION AUTHORIZATION orders_app");
    for (_, setting) in hostile(shop).filter(|(_, setting)| only.is_none_or(|only| only == *setting)) {
        admin.run(&format!("ALTER ROLE orders_app SET {setting}"));
    }
}

fn hostile(shop: &Shop) -> impl Iterator<Item = &'static (u32, &'static str)> {
    let major = number(shop) / 10_000;
    HOSTILE.iter().filter(move |(since, _)| *since <= major)
}

/// Logs in, whatever is set for the role: as somebody who has stolen the password would.
fn opens(shop: &Shop, credential: &Credential) -> bool {
    let since_17 = if number(shop) >= 170_000 { "-c transaction_timeout=0" } else { "" };
    let mut config: tokio_postgres::Config = credential.url.parse().expect("a URL");
    config.options(format!("-c local_preload_libraries= {since_17}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async { config.connect(tokio_postgres::NoTls).await.is_ok() })
}

fn is_tried(shop: &Shop) {
    let output = shop.pgmoat(&format!("{LIVE} --format json")).end();
    let proof: Value = serde_json::from_str(&output.out).expect("JSON");
    let live = &proof["live"];
    assert_eq!(
        (&live["untried"], &live["disagreements"], &proof["unseen"]),
        (&json!([]), &json!([]), &json!([])),
        "{output}"
    );
    assert_eq!(live["logins"], json!({ "all": 2, "tried": 2 }), "{output}");
}

#[test]
fn each_setting_alone() {
    let shop = Shop::open(SERVICES);
    for (_, setting) in hostile(&shop) {
        let before = shop.read("orders/app");
        set(&shop, Some(setting));
        let status = shop.pgmoat("secrets status orders.app").end();
        assert_eq!((status.code, status.err.as_str()), (0, ""), "{setting}: {status}");
        is_tried(&shop);
        let rotated = shop.pgmoat("rotate orders.app --yes").end();
        assert_eq!((rotated.code, rotated.err.as_str()), (0, ""), "{setting}: {rotated}");
        let after = shop.read("orders/app");
        assert!(opens(&shop, &after) && !opens(&shop, &before), "{setting}");
        let parameter = setting.split(" = ").next().expect("a parameter");
        shop.admin().run(&format!("ALTER ROLE orders_app RESET {parameter}"));
    }
}

/// All at once, in one database, too; and for everybody in a database.
#[test]
fn all_settings_at_once() {
    let shop = Shop::open(SERVICES);
    let before = shop.read("orders/app");
    set(&shop, None);
    shop.admin().run(
        "ALTER ROLE orders_app IN DATABASE orders SET local_preload_libraries = 'none-such'; \
         ALTER DATABASE orders SET statement_timeout = '1ms'; ALTER ROLE orders_app SET app.tenant = 'x'; ALTER DATABASE billing SET local_preload_libraries = 'gone'",
    );
    let _ = shop.pgmoat("secrets status").end().code(0).err("");
    is_tried(&shop);
    let _ = shop.pgmoat("rotate --all --yes").end().code(0).err("");
    assert!(!opens(&shop, &before) && opens(&shop, &shop.read("orders/app")));
    shop.admin().run("ALTER ROLE orders_app PASSWORD 'by hand'");
    let _ = shop.pgmoat("secrets repair orders.app").end().code(0).err("").out_has(&["has the password again"]);
    is_tried(&shop);
}

/// Sessions that hold all that the login may have; a library of a superuser's choice that isn't there. The password is seen to be right all the
/// same, and another takes its place.
#[test]
fn what_no_option_overrides() {
    let shop = Shop::open(SERVICES);
    for (make, take, said) in [
        ("CONNECTION LIMIT 1", "CONNECTION LIMIT -1", "too many connections for role"),
        ("SET session_preload_libraries = 'none-such'", "RESET session_preload_libraries", "none-such"),
    ] {
        let before = shop.read("orders/app");
        let thief = before.open().expect("a session");
        shop.admin().run(&format!("ALTER ROLE orders_app {make}"));
        let _ = shop.pgmoat("secrets status orders.app").end().code(3).out_has(&[said]);
        let output = shop.pgmoat(LIVE).end().code(6);
        let first = "not seen: what orders_app can do in database";
        // after the two lines that say where and when
        let third = output.out.splitn(4, '\n').nth(3).unwrap_or_default();
        assert!(third.starts_with(first) && third.contains(said), "{output}");
        let _ = shop
            .pgmoat("rotate orders.app --yes")
            .end()
            .code(6)
            .out_has(&["orders_app has a new password"])
            .err_has(&["warning: orders.app: the server has the password that is in the store", said]);
        drop(thief);
        shop.admin().run(&format!("ALTER ROLE orders_app {take}"));
        let after = shop.read("orders/app");
        wait_until("the thief's session has ended", || opens(&shop, &after));
        assert!(!opens(&shop, &before), "{make}");
        let _ = shop.pgmoat("secrets status orders.app").end().code(0);
    }
}

/// Of a login event trigger (from 17 on) a login knows as little.
#[test]
fn a_login_event_trigger() {
    let shop = Shop::open(SERVICES);
    if !has_login_triggers(&shop) {
        return;
    }
    shop.cluster.sql("orders").run(
        "CREATE FUNCTION public.no() RETURNS event_trigger LANGUAGE plpgsql AS \
         $$ BEGIN IF session_user = 'orders_app' THEN RAISE 'not today'; END IF; END $$; \
         CREATE EVENT TRIGGER no ON login EXECUTE FUNCTION public.no()",
    );
    let before = shop.read("orders/app");
    let _ = shop.pgmoat("rotate orders.app --yes").end().code(6).err_has(&["not today"]);
    shop.cluster.sql("orders").run("DROP EVENT TRIGGER no");
    assert!(opens(&shop, &shop.read("orders/app")) && !opens(&shop, &before));
}

/// Of two roles that take turns, one stays in use by whoever has stolen its password.
#[test]
fn a_slot_that_a_thief_uses() {
    let shop = Shop::open("[service.orders.login.app]\nrole = \"dml\"\nrotation = \"alternating\"\n");
    let before = shop.read("orders/app");
    let thief = before.open().expect("a session");
    let _ = shop.pgmoat("rotate orders.app --yes").end().code(0);
    let _ = shop.pgmoat("rotate orders.app --retire --yes").end().code(5);
    let _ = shop
        .pgmoat("rotate orders.app --retire --yes --min-age 0")
        .end()
        .code(5)
        .err_has(&["still in use (1 session)"]);
    // nor does it help him that nobody else has a session of the other slot
    let other = shop.read("orders/app").open().expect("a session");
    shop.admin().run("ALTER ROLE orders_app_b CONNECTION LIMIT 1");
    let _ = shop.pgmoat("rotate orders.app --retire --yes --stolen").end().code(0);
    drop(other);
    shop.admin().run("ALTER ROLE orders_app_b CONNECTION LIMIT -1");
    assert!(!opens(&shop, &before) && opens(&shop, &shop.read("orders/app")));
    let _ = shop.pgmoat("rotate orders.app --yes").end().code(5);
    let _ = shop.pgmoat("rotate orders.app --yes --stolen").end().code(0).out_has(&["orders_app_a has a new password"]);
    assert!(!opens(&shop, &before) && opens(&shop, &shop.read("orders/app")));
    drop(thief);
}

/// A password that somebody has set by hand is still nobody's to overwrite unasked.
#[test]
fn another_password_by_hand() {
    let shop = Shop::open(SERVICES);
    set(&shop, None);
    shop.admin().run("ALTER ROLE orders_app PASSWORD 'by hand'");
    let before = shop.read("orders/app");
    let _ =
        shop.pgmoat("rotate orders.app --yes").end().code(1).err_has(&["doesn't log in\nhint: pgmoat secrets repair"]);
    assert_eq!(shop.read("orders/app"), before);
    let _ = shop.pgmoat("rotate orders.app --yes --stolen").end().code(0).err("");
    assert!(opens(&shop, &shop.read("orders/app")) && shop.read("orders/app") != before);
}
