//! The program is killed, as by kill -9, at every message that it sends to the server or to the store, once that has arrived: the
//! process keeps nothing, so what has arrived is all that counts, and a death before a message is one after the last. Whatever stands there then, the next run brings it to an end, and nobody's password is lost.

use pgmoat::secrets::{Entry, ExposeSecret as _};
use pgmoat::throwaway::Options;

use crate::aws;
use crate::cluster::{Cluster, Sql};
use crate::relay::Relay;
use crate::run::{Output, Run};

const NAME: &str = "orders/app";

struct World {
    cluster: Cluster,
    store: aws::Server,
    relay: Relay,
}

impl World {
    fn new(rotation: &str) -> World {
        let cluster = Cluster::with(&Options { tcp: true, ..Options::default() });
        let store = aws::Server::start();
        let relay = Relay::start(cluster.server.port(), &store);
        cluster.sql("postgres").run("CREATE ROLE boss LOGIN SUPERUSER PASSWORD 'sesame'");
        cluster.layout(&format!(
            "[secrets]\nstore = \"aws-secretsmanager\"\nhost = \"127.0.0.1\"\nport = {}\nsslmode = \"disable\"\n\
             [service.orders.login.app]\nrole = \"dml\"\nrotation = \"{rotation}\"\n",
            relay.port
        ));
        World { cluster, store, relay }
    }

    fn run(&self, args: &str) -> Run {
        let run = self.cluster.bare().args(args);
        let run = run.env("PGHOST", "127.0.0.1").env("PGPORT", self.relay.port.to_string());
        let run = run.env("PGUSER", "boss").env("PGPASSWORD", "sesame").env("PGDATABASE", "postgres");
        self.store.environment().into_iter().fold(run, |run, (name, value)| run.env(&name, value))
    }

    /// The versions with a label, by it.
    fn version(&self, label: &str) -> Option<Entry> {
        let world = self.store.world();
        let secret = world.secrets.0.get(NAME)?;
        let version = secret.versions.values().find(|version| version.labels.contains(label))?;
        let text = version.value.clone().expect("a value");
        Some(Entry::from_json(&text.into()).expect("an entry"))
    }

    fn logs_in(entry: &Entry) -> bool {
        Sql::attempt_open(entry.url().expose_secret()).is_ok()
    }

    /// The next run, as soon as the server has noticed that the last one is dead.
    fn recover(&self, args: &str, when: &str) -> Output {
        for _ in 0..500 {
            let end = self.run(args).end();
            if end.code != 5 {
                assert_eq!(end.code, 0, "{when}\n--- and then\n{end}");
                return end;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        panic!("the lock isn't given back\n{when}");
    }

    #[track_caller]
    fn is_well(&self, when: &str) {
        let current = self.version("AWSCURRENT").expect(when);
        assert!(Self::logs_in(&current), "the current version doesn't log in\n{when}");
        assert!(self.version("AWSPENDING").is_none(), "something is pending\n{when}");
    }
}

/// Each message in turn, until a run comes through.
fn everywhere(world: &World, args: &str, from_store_on: bool, tried: impl Fn(&Output, &str)) {
    let mut deaths = 0;
    for number in 1.. {
        let (end, count) = world.relay.run(world.run(args), Some(number), from_store_on);
        let when = format!("killed at message {number}\n{end}");
        assert!(end.code == 0 || end.code == -1, "{when}");
        tried(&end, &when);
        if end.code == 0 && count < number {
            break;
        }
        deaths += usize::from(end.code == -1);
    }
    assert!(deaths > 20, "{deaths} deaths only");
}

#[test]
fn rotating_the_roles_own() {
    let world = World::new("single");
    let _ = world.run("apply --yes --allow all").end().code(0);
    everywhere(&world, "rotate --all --yes", false, |_, when| {
        // it may be the pending one that logs in, and then it is in the store
        let (current, pending) = (world.version("AWSCURRENT").expect(when), world.version("AWSPENDING"));
        let logs_in = [Some(current), pending].into_iter().flatten().any(|entry| World::logs_in(&entry));
        assert!(logs_in, "no version logs in\n{when}");
        let _ = world.recover("secrets repair", when);
        world.is_well(when);
    });
}

#[test]
fn rotating_in_turns() {
    let world = World::new("alternating");
    let _ = world.run("apply --yes --allow all").end().code(0);
    let held = std::cell::RefCell::new(world.version("AWSCURRENT").expect("an entry"));
    everywhere(&world, "rotate --all --yes --min-age 0", false, |_, when| {
        let current = world.version("AWSCURRENT").expect(when);
        assert!(World::logs_in(&current), "the current version doesn't log in\n{when}");
        // what was current when the run began
        assert!(World::logs_in(&held.borrow()), "the one before doesn't log in\n{when}");
        let _ = world.recover("rotate --all --yes --min-age 0 --older-than 30d", when);
        assert!(World::logs_in(&held.borrow()), "the one before doesn't log in after the next run\n{when}");
        world.is_well(when);
        *held.borrow_mut() = world.version("AWSCURRENT").expect(when);
    });
}

#[test]
fn giving_the_first_one() {
    let world = World::new("single");
    let both = world.cluster.read("pgmoat.toml");
    // the database and its other roles are there: their making is tests/faults' matter
    world.cluster.layout(&both.replace("login.app]", "login.other]"));
    let _ = world.run("apply --yes --allow all").end().code(0);
    world.cluster.layout(&both);
    let admin = world.cluster.sql("postgres");
    everywhere(&world, "apply --yes --allow all", true, |_, when| {
        let _ = world.recover("apply --yes --allow all", when);
        world.is_well(when);
        admin.run("DROP ROLE orders_app");
        world.store.world().secrets.0.clear();
    });
}
