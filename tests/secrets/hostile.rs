//! What `[secrets] host` names isn't the server, but somebody who wants the passwords.

use pgmoat::throwaway::{Options, Places, Server, find_or_fetch};
use serde_json::json;

use crate::cluster::Sql;
use crate::hostile::{Hostile, READY, ask, described, message, row, words};
use crate::shop::{SERVICES, Shop};

/// A shop whose services are to connect elsewhere from now on; what the entry says.
fn lured(hostile: &Hostile) -> (Shop, String) {
    let shop = Shop::open(SERVICES);
    let folder = shop.cluster.folder.path().to_owned();
    let layout = std::fs::read_to_string(folder.join("pgmoat.toml")).expect("a layout");
    let port = shop.cluster.server.port();
    shop.cluster.layout(&layout.replace(&format!("port = {port}"), &format!("port = {}", hostile.port)));
    shop.change("orders/app", |entry| entry["port"] = json!(hostile.port));
    let password = shop.read("orders/app").password;
    (shop, password)
}

fn attacks() -> [(&'static str, Hostile); 9] {
    let asks = |code, more: &'static [u8]| {
        Hostile::start(move |victim| {
            victim.say(&ask(code, more))?;
            victim.message()?;
            victim.let_in()
        })
    };
    let forged = Hostile::start(|victim| {
        victim.question()?;
        let body = [&2_u16.to_be_bytes()[..], &4_u32.to_be_bytes(), b"root", &1_u32.to_be_bytes(), b"7"].concat();
        victim.say(&[described(2), message(b'D', &body), message(b'C', b"SELECT 1\0"), READY.to_vec()].concat())
    });
    let endless = Hostile::start(|victim| {
        victim.question()?;
        victim.say(&described(2))?;
        victim.say_again_and_again(&row(2).repeat(1 << 12))
    });
    let mute = Hostile::start(|victim| {
        victim.question()?;
        loop {
            victim.message()?;
        }
    });
    let huge = Hostile::start(|victim| {
        victim.say(b"R\x7f\xff\xff\xff")?;
        victim.say_again_and_again(&[0; 1 << 16])
    });
    let loud = Hostile::start(|victim| victim.say(&words(b'E', "FATAL", "XX000", &"loud ".repeat(1000))));
    let impostor = |rounds| Hostile::start(move |victim| victim.scram(rounds, &format!("{}=", "A".repeat(43))));
    [
        ("cleartext", asks(3, b"")),
        ("md5", asks(5, b"salt")),
        ("scram", impostor(4096)),
        ("fewer", impostor(1)),
        ("forged", forged),
        ("endless", endless),
        ("mute", mute),
        ("huge", huge),
        ("loud", loud),
    ]
}

/// The passwords that clients have go on to work, and nobody else gets them, nor new ones.
#[test]
fn whatever_it_asks_it_gets_no_password() {
    for (name, hostile) in attacks() {
        let (shop, password) = lured(&hostile);
        for command in ["secrets repair orders.app", "rotate orders.app --yes --moved", "secrets repair orders.app"] {
            let done = shop.pgmoat(command).end();
            // also where it lets in everybody: which cluster it is it doesn't say
            assert_eq!(done.code, 1, "{name}: {command}: {done}");
            let current = shop.read("orders/app").password;
            for password in [&password, &current] {
                assert!(!hostile.has_heard(password), "{name}: {command}");
                assert!(!done.err.contains(&password[..8]) && done.err.len() < 40_000, "{name}: {command}: {done}");
            }
        }
        let _ = shop.pgmoat("prove --live --with-secrets --statement-timeout 2s").end();
        assert!(!hostile.has_heard(&password), "{name}");
    }
}

/// The servers of one major version that tests start are copies of one another, identifier and all.
fn of_another_major(shop: &Shop) -> Server {
    let var = std::env::var_os;
    let places = Places::usual(var("PATH"), var("XDG_CACHE_HOME"), var("HOME"), std::env::temp_dir()).expect("places");
    let places = places.only_from(var("PGMOAT_TEST_BINARIES").as_deref()).expect("an origin");
    let is_16 = shop.admin().one("SHOW server_version_num").starts_with("16");
    let binaries = find_or_fetch(Some(if is_16 { 17 } else { 16 }), &places, &mut |_| ()).expect("a server's binaries");
    Server::start(&binaries, &Options { tcp: true, ..Options::default() }, &places).expect("a server")
}

/// Another cluster, which knows the same password: a test cluster that was filled from a dump with its roles, say.
#[test]
fn another_cluster() {
    let shop = Shop::open(SERVICES);
    let other = of_another_major(&shop);
    let before = shop.read("orders/app");
    let verifiers = || shop.admin().rows("SELECT coalesce(rolpassword, '-') FROM pg_authid ORDER BY rolname");
    let was = verifiers();
    let admin = || Sql::open(&other.conninfo());
    admin().run("CREATE ROLE orders_app LOGIN");
    admin().run("CREATE DATABASE orders");
    let folder = shop.cluster.folder.path().to_owned();
    let layout = std::fs::read_to_string(folder.join("pgmoat.toml")).expect("a layout");
    let (here, there) = (shop.cluster.server.port(), other.port());
    shop.cluster.layout(&layout.replace(&format!("port = {here}"), &format!("port = {there}")));
    shop.change("orders/app", |entry| entry["port"] = json!(there));
    // asked for a password it is the wrong one; let in without, it is another cluster
    admin().run(&format!("ALTER ROLE orders_app PASSWORD '{}'", before.password));
    for command in ["secrets repair orders.app", "rotate orders.app --yes"] {
        let _ = shop.pgmoat(command).end().code(1).out("").err_has(&[
            "a login of orders_app at 127.0.0.1 leads to another cluster than the one whose passwords are changed\n",
            "hint: `host` and `port` in [secrets] are what services connect to",
        ]);
        assert_eq!(
            (verifiers(), shop.read("orders/app").password),
            (was.clone(), before.password.clone()),
            "{command}"
        );
    }
}
