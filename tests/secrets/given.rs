//! A new login has a password only together with its entry.

use pgmoat::throwaway::Options;

use crate::cluster::{APPLIED, Cluster, NOTHING};
use crate::shop::{SERVICES, Shop, current_user};

#[test]
fn apply_gives_each_login_its_own() {
    let shop = Shop::of(SERVICES);
    // no plan looks at the store
    let _ = shop.pgmoat("plan").end().code(3).err("");
    assert!(!shop.cluster.folder.path().join("secrets").exists());
    let applied = shop.apply().code(0).err("").out_has(&[
        APPLIED,
        "orders.app: orders_app has its password, in secrets/orders/app.json\n",
        "orders.migrate: orders_migrate_a has its password, in secrets/orders/migrate.json\n",
        "orders.worker: orders_worker_a has its password, in secrets/orders/worker.json\n",
    ]);
    assert!(!applied.out.contains("orders.bi"), "{applied}");
    shop.is_ours_alone();
    assert_eq!(shop.pending(), [""; 0]);
    let app = shop.json("orders/app");
    assert_eq!((app["engine"].as_str(), app["dbname"].as_str()), (Some("postgres"), Some("orders")));
    assert_eq!(app["port"], shop.cluster.server.port());
    for (entry, acts_as) in
        [("orders/app", "orders_app"), ("orders/worker", "orders_worker"), ("orders/migrate", "orders_ddl")]
    {
        assert_eq!(current_user(&shop.read(entry).url), acts_as);
    }
    let verifiers = "SELECT rolname::text FROM pg_authid WHERE rolpassword LIKE 'SCRAM-SHA-256$4096:%' ORDER BY 1";
    assert_eq!(shop.admin().rows(verifiers), ["orders_app", "orders_migrate_a", "orders_worker_a"]);

    // and once more: nothing, and the passwords stay
    let before = shop.read("orders/app");
    let _ = shop.apply().code(0).err("").out(NOTHING);
    assert_eq!(shop.read("orders/app"), before);
    let _ = shop.pgmoat("secrets status").end().code(0).err("").out_has(&[
        "LOGIN           ENTRY           ROTATION     AGE",
        "orders.app      orders/app      single",
        "orders_app        logs in\n",
        "orders.migrate  orders/migrate  alternating",
        "orders_migrate_a  logs in\n",
    ]);
}

#[test]
fn a_later_login_gets_one_and_the_others_stay() {
    let shop = Shop::open(SERVICES);
    let before = shop.read("orders/app");
    shop.layout("", &format!("{SERVICES}[service.orders.login.later]\nrole = \"dml\"\n"));
    let applied = shop.apply().code(0).out_has(&["orders.later: orders_later has its password"]);
    assert!(!applied.out.contains("orders.app:"), "{applied}");
    assert!(shop.read("orders/later").logs_in());
    assert_eq!(shop.read("orders/app"), before);
}

#[test]
fn without_a_store_nothing_is_changed() {
    let shop = Shop::of(SERVICES);
    let folder = shop.cluster.write("secrets", "a file where the folder would be");
    let before = shop.cluster.catalog();
    let _ = shop.apply().code(1).err_has(&[
        "error: failed to put the password of orders.app into the store; the cluster wasn't changed\n",
        "caused by: the store refused the ",
        " of `secrets/orders/app.",
    ]);
    assert_eq!(shop.cluster.catalog(), before);
    std::fs::remove_file(folder).expect("removed");
    let _ = shop.apply().code(0);
}

/// An entry of that name is somebody's: of a run that died, or of another cluster.
#[test]
fn an_entry_that_is_there_is_used_only_if_it_is_the_logins() {
    let shop = Shop::of(SERVICES);
    std::fs::create_dir_all(shop.path("orders/app").parent().expect("a folder")).expect("made");
    let port = shop.cluster.server.port();
    let entry = |user: &str, host: &str| {
        format!(
            "{{\"host\":\"{host}\",\"port\":{port},\"dbname\":\"orders\",\"username\":\"{user}\",\"password\":\"sesame\"}}"
        )
    };
    for (text, said) in [
        (entry("postgres", "127.0.0.1"), "names another role than orders.app's"),
        (entry("orders_app", "10.0.0.1"), "leads to another host than services connect to"),
        ("sesame".to_owned(), "can't be read: it isn't JSON"),
    ] {
        std::fs::write(shop.path("orders/app"), text).expect("written");
        let refused = shop.apply().code(1).err_has(&["the cluster wasn't changed\n", said]);
        assert!(!refused.err.contains("sesame"), "{refused}");
        assert_eq!(shop.admin().one("SELECT count(*)::text FROM pg_roles WHERE rolname ~ '^orders'"), "0");
    }
    std::fs::write(shop.path("orders/app"), entry("orders_app", "127.0.0.1")).expect("written");
    let _ = shop.apply().code(0);
    assert_eq!(shop.json("orders/app")["password"], "sesame");
    assert_eq!(shop.pending(), [""; 0]);
}

#[test]
fn as_environment_files() {
    let shop = Shop::of(SERVICES);
    shop.layout("format = \"dotenv\"", SERVICES);
    let _ = shop.apply().code(0);
    let _ = shop.pgmoat("rotate --all --yes").end().code(0);
    let _ = shop.pgmoat("secrets status").end().code(0);
    let path = shop.cluster.folder.path().join("secrets/orders/worker.env");
    let read = std::process::Command::new("sh")
        .args(["-c", &format!(". '{}' && printf '%s' \"$DATABASE_URL\"", path.display())])
        .output()
        .expect("a shell");
    let url = String::from_utf8(read.stdout).expect("text");
    assert!(url.contains("orders_worker_b"), "{url}");
    assert_eq!(current_user(&url), "orders_worker");
}

/// Where the server lets everybody in, no login shows anything.
#[test]
fn where_no_password_is_asked_for_that_is_said() {
    let hba = "local all all trust\nhost all all 127.0.0.1/32 trust\n";
    let options = Options { tcp: true, hba: Some(hba.to_owned()), ..Options::default() };
    let shop = Shop { cluster: Cluster::with(&options) };
    shop.layout("", SERVICES);
    let _ = shop.apply().code(0).out_has(&[
        "orders.app: orders_app has its password, in secrets/orders/app.json; the server asks for no password here, so it \
         wasn't tried\n",
    ]);
    let has = "SELECT count(*)::text FROM pg_authid WHERE rolpassword IS NOT NULL AND rolname ~ '^orders'";
    assert_eq!(shop.admin().one(has), "3");
    let _ = shop.pgmoat("secrets status").end().code(0).out_has(&["the server asks for no password here"]);
    let _ = shop.pgmoat("rotate --all --yes").end().code(0).out_has(&["so it wasn't tried"]);
}

/// The provisioner is no superuser: from 16 on it needs ADMIN OPTION on each role, which who makes a role has.
#[test]
fn by_a_provisioner() {
    let mut shop = Shop::of("");
    shop.admin()
        .run("CREATE ROLE pgmoat_admin NOLOGIN CREATEROLE CREATEDB; CREATE ROLE ann LOGIN; GRANT pgmoat_admin TO ann");
    shop.cluster.user = "ann";
    // on 14 the schema `public` is the bootstrap superuser's
    shop.layout("[cluster]\nprovisioner = \"pgmoat_admin\"\n[service.orders]\npublic_schema = \"open\"\n", SERVICES);
    let _ = shop.apply().code(0).out_has(&["orders.worker: orders_worker_a has its password"]);
    let _ = shop.pgmoat("rotate --all --yes").end().code(0).err("");
    assert!(shop.read("orders/worker").logs_in());
    let _ = shop.pgmoat("secrets status").end().code(0).err("");
    let others = "SELECT count(*)::text FROM pg_stat_activity WHERE usename ~ '^orders'";
    assert_eq!(shop.admin().one(others), "0");
}

/// The store comes first, so something is left there when the plan comes to nothing; that is said.
#[test]
fn an_apply_that_is_refused_says_what_it_left_in_the_store() {
    let shop = Shop::open(SERVICES);
    let orders = shop.cluster.sql("orders");
    orders.run(
        "CREATE FUNCTION public.no() RETURNS event_trigger LANGUAGE plpgsql AS \
         $$BEGIN RAISE EXCEPTION 'not in this house'; END$$; \
         CREATE EVENT TRIGGER no ON ddl_command_start WHEN TAG IN ('GRANT') EXECUTE FUNCTION public.no(); \
         REVOKE ALL ON SCHEMA orders FROM orders_ro",
    );
    shop.layout("", &format!("{SERVICES}[service.orders.login.later]\nrole = \"ro\"\n"));
    let _ = shop.apply().code(1).err_has(&[
        "warning: the store keeps the entries of new logins, for the next apply: orders/later\n",
        "not in this house",
    ]);
    orders.run("DROP EVENT TRIGGER no");
    let _ = shop.apply().code(0).out_has(&["orders.later: orders_later has its password"]);
    assert!(shop.read("orders/later").logs_in());
}
