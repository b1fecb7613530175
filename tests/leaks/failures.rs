//! Every command, where it fails: the connection, the entry, the store, the server's refusal.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::aws::{Refusal, Turn, When};
use crate::cluster::Sql;
use crate::house::{House, Kind, TYPED};
use crate::run::Run;

/// What connects, and whatever reads or writes passwords.
const CONNECTS: &[&str] = &[
    "inspect",
    "plan",
    "apply --yes --allow all",
    "adopt --database orders --out -",
    "prove --live",
    "who is orders_app",
    "who can SELECT orders.orders.t",
    "drift --format json",
    "rotate --all --yes --min-age 0",
    "secrets status",
    "secrets repair",
    "export pgbouncer",
];

/// Of somebody who may log in, but not with this.
const WRONG: &str = "s3ntinel/wrong:password@home";
/// Of an entry that somebody has written by hand.
const FOREIGN: &str = "s3ntinel'of\"a\\foreign/entry@store";

#[test]
fn of_the_connection() {
    let house = House::new(Kind::Folder);
    house.must_not_show("the wrong password", WRONG);
    house.ends("apply --yes --allow all", 0);
    let port = house.cluster.server.port();
    let _ = house
        .cluster
        .write(".pg_service.conf", format!("[shop]\nhost=127.0.0.1\nport=1\nuser=boss\npassword={WRONG}\n"));
    let pgpass = house.cluster.write(".pgpass", format!("*:*:*:boss:{}\n", WRONG.replace(':', "\\:")));
    let encoded = "s3ntinel%2Fwrong%3Apassword%40home";
    let ways: &[(&str, &dyn Fn(Run) -> Run)] = &[
        ("wrong", &|run| run.env("PGPASSWORD", WRONG)),
        ("pgpass", &|run| run.env("PGPASSWORD", "").env("PGPASSFILE", &pgpass)),
        ("nobody there", &|run| run.env("PGPORT", "1")),
        ("no TLS", &|run| run.env("PGSSLMODE", "require")),
        ("no such mode", &|run| run.env("PGSSLMODE", WRONG)),
        ("a service", &|run| run.env("PGSERVICE", "shop").env("PGPORT", "1")),
        ("no service", &|run| run.env("PGSERVICE", "none")),
        ("no port", &|run| run.env("PGPORT", WRONG)),
        ("a URL in the wrong variable", &|run| {
            run.env("PGHOST", format!("postgresql://boss:{encoded}@127.0.0.1:{port}/postgres"))
        }),
    ];
    for args in CONNECTS {
        for (way, aimed) in ways {
            let output = aimed(house.pgmoat(args)).end();
            let code = house.keep(&format!("{args} ({way})"), output);
            assert_ne!(code, 0, "{args}: {way}");
        }
    }
    house.is_silent();
}

/// Who types a password into the arguments shows it to the machine, and we say so; but we don't pass it on.
#[test]
fn of_a_connection_string() {
    let house = House::new(Kind::Folder);
    let port = house.cluster.server.port();
    for (user, code) in [("typist", 0), ("nobody", 1)] {
        let url = format!("postgresql://{user}:{TYPED}@127.0.0.1:{port}/postgres");
        let output = house.bare("inspect --out snapshot.json").arg("-d").arg(&url).end();
        assert_eq!(house.keep("inspect -d", output), code);
    }
    house.must_not_show("what was typed", TYPED);
    let (typed, other): (Vec<String>, Vec<String>) =
        house.seen().into_iter().partition(|seen| seen.starts_with("the process list"));
    assert!(other.is_empty(), "{other:#?}");
    // which also shows that we look there while a run is short
    assert!(!typed.is_empty(), "the arguments were never seen");
}

#[test]
fn of_an_entry() {
    let house = House::new(Kind::Folder);
    house.must_not_show("the foreign password", FOREIGN);
    house.ends("apply --yes --allow all", 0);
    let path = house.cluster.folder.path().join("secrets/orders/app.json");
    let good = std::fs::read_to_string(&path).expect("an entry");
    let mut value: serde_json::Value = serde_json::from_str(&good).expect("JSON");
    value["password"] = FOREIGN.into();
    let spoil = |key: &str, to: serde_json::Value| {
        let mut spoilt = value.clone();
        spoilt[key] = to;
        spoilt.to_string()
    };
    let spoilt = [
        ("no JSON", format!("password={FOREIGN}")),
        ("a list", serde_json::json!([FOREIGN]).to_string()),
        ("cut off", value.to_string().trim_end_matches('}').to_owned()),
        ("another role", spoil("username", "boss".into())),
        ("a password for a name", spoil("username", FOREIGN.into())),
        ("another server", spoil("host", FOREIGN.into())),
        ("another database", spoil("dbname", FOREIGN.into())),
        ("another port", spoil("port", FOREIGN.into())),
        ("no password", spoil("password", serde_json::Value::Null)),
        ("a number", spoil("password", 5.into())),
        ("another password", value.to_string()),
        ("only a URL", serde_json::json!({ "url": format!("postgresql://orders_app:{FOREIGN}@h/d") }).to_string()),
    ];
    for (what, text) in spoilt {
        std::fs::write(&path, text).expect("written");
        for args in ["secrets status orders.app", "rotate orders.app --yes", "secrets repair orders.app"] {
            let code = house.keep(&format!("{args} ({what})"), house.pgmoat(args).end());
            // a password that somebody has changed is what repair is for
            let mends = what == "another password" && !args.starts_with("secrets status");
            assert!(mends || code != 0, "{args}: {what}");
        }
    }
    std::fs::write(&path, good).expect("written");
    house.ends("secrets repair", 0);
    house.is_silent();
}

#[test]
fn of_what_the_server_allows() {
    let house = House::new(Kind::Folder);
    house.ends("apply --yes --allow all", 0);
    let admin = house.admin();
    for (change, back) in [
        ("ALTER ROLE orders_app VALID UNTIL '2001-01-01'", "ALTER ROLE orders_app VALID UNTIL 'infinity'"),
        ("ALTER ROLE orders_app NOLOGIN", "ALTER ROLE orders_app LOGIN"),
        ("ALTER ROLE orders_app CONNECTION LIMIT 0", "ALTER ROLE orders_app CONNECTION LIMIT -1"),
        ("REVOKE CONNECT ON DATABASE orders FROM orders_dml", "GRANT CONNECT ON DATABASE orders TO orders_dml"),
        ("ALTER DATABASE orders ALLOW_CONNECTIONS false", "ALTER DATABASE orders ALLOW_CONNECTIONS true"),
    ] {
        admin.run(change);
        for args in ["secrets status", "rotate orders.app --yes", "secrets repair orders.app"] {
            let code = house.keep(&format!("{args} ({change})"), house.pgmoat(args).end());
            assert_ne!(code, 0, "{args}: {change}");
        }
        admin.run(back);
        house.ends("secrets repair orders.app", 0);
    }
    // somebody who may do nothing: the statement with the verifier is refused
    admin.run("ALTER ROLE boss NOSUPERUSER");
    for args in CONNECTS {
        let code = house.keep(&format!("{args} (as nobody)"), house.pgmoat(args).end());
        assert!(
            code != 0
                || ["inspect", "plan", "apply", "who", "adopt", "drift"].iter().any(|looks| args.starts_with(looks)),
            "{args}"
        );
    }
    admin.run("ALTER ROLE boss SUPERUSER");
    house.ends("secrets repair", 0);
    house.is_silent();
}

/// At each of its calls AWS refuses a run, in words that hold all that was sent; and at each our session with the server is ended.
#[test]
fn of_secrets_manager() {
    of_the_store(Kind::SecretsManager);
}

#[test]
fn of_the_parameter_store() {
    of_the_store(Kind::ParameterStore);
}

fn of_the_store(kind: Kind) {
    let house = House::new(kind);
    let refused = |_: &str, body: String| Turn::Refuse(Refusal(400, "ValidationException", body));
    at_each_call(&house, "apply --yes --allow all", refused);
    house.ends("apply --yes --allow all", 0);
    let rotates = ["rotate orders.app --yes", "rotate orders.worker --yes --min-age 0"];
    for args in rotates.iter().chain(&["secrets status orders.app", "secrets repair orders.app"]) {
        at_each_call(&house, args, refused);
        house.aws.world().hook = Box::new(|_, _, _| Turn::Cut);
        assert_ne!(house.keep(&format!("{args} (cut)"), house.pgmoat(args).end()), 0, "{args}");
    }
    let conninfo = house.cluster.server.conninfo();
    at_each_call(&house, rotates[1], move |_, _| {
        Sql::open(&conninfo).run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'boss'");
        Turn::Go
    });
    house.ends("rotate --all --yes --min-age 0", 0);
    house.is_silent();
}

/// A run for each call, which meets this fate there; until one has fewer calls.
fn at_each_call(house: &House, args: &str, fate: impl FnMut(&str, String) -> Turn + Send + Clone + 'static) {
    for number in 1.. {
        let count = Arc::<AtomicUsize>::default();
        let (counted, mut fate) = (Arc::clone(&count), fate.clone());
        house.aws.world().hook = Box::new(move |when, call, _| {
            if when == When::Before && counted.fetch_add(1, Ordering::SeqCst) + 1 == number {
                return fate(&call.target, call.body.to_string());
            }
            Turn::Go
        });
        let code = house.keep(&format!("{args} (call {number})"), house.pgmoat(args).end());
        house.aws.world().hook = Box::new(|_, _, _| Turn::Go);
        if count.load(Ordering::SeqCst) < number {
            assert!(number > 1, "{args} asks nothing: {code}");
            break;
        }
    }
}
