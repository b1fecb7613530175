//! What answers isn't the server, a credential process that never ends, and files that somebody has changed by chance.

use pgmoat::throwaway::Options;
use pgmoat::{catalog, db, plan};
#[cfg(feature = "aws")]
use rustix::process::{Pid, Signal, kill_process};

use crate::cluster::Cluster;
#[cfg(feature = "aws")]
use crate::cluster::wait_until;
use crate::server::{Hostile, READY, described, message, row, words};

const LAYOUT: &str = "[service.pay.login]\napp = \"dml\"\nmigrate = \"ddl\"\n";
const COMMANDS: [&str; 6] = ["plan", "prove", "drift", "inspect", "apply --yes", "who is pay_app"];

/// Every command comes to an end, without a password in its words, and without very many of them.
#[test]
fn each_command_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("pgmoat.toml"), LAYOUT).expect("written");
    let attacks = [
        ("closed", Hostile::start(|_| Err(std::io::ErrorKind::Other.into()))),
        (
            "empty",
            Hostile::start(|victim| {
                victim.let_in()?;
                loop {
                    while !matches!(victim.message()?.0, b'S' | b'Q') {}
                    victim.say(&described(1))?;
                    victim.say(&[message(b'C', b"SELECT 0\0"), READY.to_vec()].concat())?;
                }
            }),
        ),
        (
            "rows of another form",
            Hostile::start(|victim| {
                victim.let_in()?;
                loop {
                    while !matches!(victim.message()?.0, b'S' | b'Q') {}
                    victim.say(&[described(3), row(3), message(b'C', b"SELECT 1\0"), READY.to_vec()].concat())?;
                }
            }),
        ),
        (
            "endless",
            Hostile::start(|victim| {
                victim.question()?;
                victim.say(&described(1))?;
                victim.say_again_and_again(&row(1).repeat(1 << 16))
            }),
        ),
        (
            "loud",
            Hostile::start(|victim| {
                victim.question()?;
                victim.say(&words(b'E', "FATAL", "XX000", &"hunter2 ".repeat(1 << 16)))
            }),
        ),
        (
            "huge",
            Hostile::start(|victim| {
                victim.say(b"E\x7f\xff\xff\xff")?;
                victim.say_again_and_again(&[b'x'; 1 << 16])
            }),
        ),
    ];
    for (name, hostile) in attacks {
        // one is much work
        let commands = if name == "endless" { &COMMANDS[..1] } else { &COMMANDS };
        for command in commands {
            let run = crate::run::Run::new(folder.path()).args(command).arg("-d").arg(hostile.conninfo(""));
            let done = run.end().code(1).out("");
            assert!(!done.err.contains("hunter2") && !done.err.contains("panicked"), "{name}: {done}");
            assert!(done.err.len() < 60_000, "{name}: {}", done.err.len());
        }
    }
}

/// Where the environment sends a name elsewhere, that is said.
#[test]
fn an_address_of_the_environment_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("pgmoat.toml"), LAYOUT).expect("written");
    let hostile = Hostile::start(|_| Ok(()));
    let run = crate::run::Run::new(folder.path())
        .args("plan")
        .arg("-d")
        .arg(format!("host=db.example.com port={} user=u dbname=d sslmode=disable connect_timeout=1", hostile.port));
    let _ = run.env("PGHOSTADDR", "127.0.0.1").end().code(1).err_has(&[&format!(
        "warning: PGHOSTADDR leads db.example.com:{} to 127.0.0.1, and nobody looks the name up\n",
        hostile.port
    )]);
}

/// The lock of the cluster is held, and the store doesn't answer: Ctrl-C is heard.
#[cfg(feature = "aws")]
#[test]
fn who_waits_for_credentials_can_be_interrupted() {
    let cluster = Cluster::with(&Options::default());
    cluster.layout(LAYOUT);
    cluster.converge();
    let port = cluster.server.port();
    let secrets = "[secrets]\nstore = \"aws-ssm\"\nhost = \"db.example.com\"\nregion = \"eu-west-1\"\n";
    cluster.layout(&format!("{secrets}port = {port}\n{LAYOUT}"));
    std::fs::create_dir(cluster.folder.path().join(".aws")).expect("a folder");
    let begun = cluster.folder.path().join("begun");
    let script = format!("#!/bin/sh\n: > '{}'\nexec sleep 1000000\n", begun.display());
    let process = cluster.write("process.sh", script);
    std::fs::set_permissions(&process, std::os::unix::fs::PermissionsExt::from_mode(0o700)).expect("chmod");
    cluster.write(".aws/config", format!("[default]\ncredential_process = {}\n", process.display()));
    let lock = "SELECT pid::text FROM pg_locks WHERE locktype = 'advisory'";
    for command in ["rotate --all --yes", "secrets repair", "secrets status"] {
        let running = cluster.pgmoat(command).env("AWS_EC2_METADATA_DISABLED", "true").start();
        wait_until("the process runs", || begun.exists());
        assert_eq!(cluster.sql("postgres").rows(lock).len(), usize::from(command != "secrets status"), "{command}");
        let pid = Pid::from_raw(running.child.id().cast_signed()).expect("a process");
        kill_process(pid, Signal::INT).expect("signalled");
        let _ = running.end().code(1).err_has(&["error: interrupted by SIGINT"]);
        wait_until("the lock is given back", || cluster.sql("postgres").rows(lock).is_empty());
        std::fs::remove_file(&begun).expect("removed");
    }
}

/// A small generator of chances (xorshift64), the same in each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).expect("small")
    }

    /// The text with some pieces gone, doubled, moved, or other ones in their place.
    fn change(&mut self, text: &str) -> String {
        const PIECES: [&str; 14] = [
            "null",
            "-1",
            "1e400",
            "[]",
            "{}",
            "\"\"",
            "\u{0}",
            "\u{202e}",
            ",",
            ":",
            "\"",
            "true",
            "18446744073709551616",
            "é",
        ];
        let mut chars: Vec<char> = text.chars().collect();
        for _ in 0..=self.below(4) {
            let (from, length) = (self.below(chars.len()), self.below(40));
            let to = (from + length).min(chars.len());
            let piece: Vec<char> = match self.below(4) {
                0 => Vec::new(),
                1 => chars[from..to].iter().chain(&chars[from..to]).copied().collect(),
                2 => chars[from..to].iter().rev().copied().collect(),
                _ => PIECES[self.below(PIECES.len())].chars().collect(),
            };
            chars.splice(from..to, piece);
        }
        chars.into_iter().collect()
    }
}

#[test]
fn messages_of_chance() {
    let mut chance = Chance(7);
    let good = [
        crate::server::ask(10, b"SCRAM-SHA-256\0\0"),
        crate::server::ask(11, b"r=x,s=y,i=4096"),
        crate::server::ask(12, b"v=x"),
        crate::server::ask(0, b""),
        crate::server::parameter("a", "b"),
        READY.to_vec(),
        described(2),
        row(2),
    ]
    .concat();
    for _ in 0..20_000 {
        let mut bytes = good.clone();
        for _ in 0..=chance.below(5) {
            let at = chance.below(bytes.len());
            bytes[at] = u8::try_from(chance.below(256)).expect("a byte");
        }
        let whole = db::first_breach(&bytes, bytes.len());
        assert_eq!(whole, db::first_breach(&bytes, 1));
        assert_eq!(whole, db::first_breach(&bytes, 1 + chance.below(9)));
    }
}

/// What was written by us and changed by somebody: read, or refused, in words.
#[test]
fn files_of_chance() {
    let cluster = Cluster::with(&Options::default());
    cluster.layout(LAYOUT);
    let _ = cluster.pgmoat("plan --out plan.json").end().code(3);
    cluster.converge();
    cluster.sql_as("pay_migrate", "pay").run("CREATE TABLE pay.bill (id int); GRANT SELECT ON pay.bill TO PUBLIC");
    let snapshot = cluster.pgmoat("inspect").end().code(0).out;
    let findings = cluster.pgmoat("drift --format json").end().out;
    cluster.write("snapshot.json", &snapshot);
    let saved = cluster.read("plan.json");
    let mut chance = Chance(11);
    for _ in 0..400 {
        if let Ok(read) = catalog::from_json(&chance.change(&snapshot)) {
            assert!(catalog::from_json(&catalog::to_json(&read)).is_ok());
        }
        if let Ok(read) = plan::view::from_json(&chance.change(&saved)) {
            assert!(plan::view::from_json(&plan::view::json(&read)).is_ok());
        }
        let _ = pgmoat::cli::is_baseline(&chance.change(&findings));
    }
    for _ in 0..30 {
        cluster.write("changed.json", chance.change(&snapshot));
        cluster.write("baseline.json", chance.change(&findings));
        for command in ["drift --snapshot changed.json", "drift --snapshot snapshot.json --baseline baseline.json"] {
            let done = cluster.bare().args(command).end();
            assert!((0..=6).contains(&done.code) && !done.err.contains("panicked"), "{command}: {done}");
        }
    }
}
