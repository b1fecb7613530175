//! The program is killed, as by kill -9, at every message that it sends to the server or to the store, once that has arrived: the
//! process keeps nothing, so what has arrived is all that counts, and a death before a message is one after the last. Whatever stands there then, the next run brings it to an end, and nobody's password is lost.

use pgmoat::secrets::{Entry, ExposeSecret as _, Stage};
use pgmoat::throwaway::Options;

use crate::aws;
use crate::cluster::{Cluster, Sql};
use crate::relay::Relay;
use crate::run::{Output, Run};

const NAME: &str = "orders/app";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Folder,
    SecretsManager,
    ParameterStore,
}

struct World {
    kind: Kind,
    cluster: Cluster,
    store: aws::Server,
    relay: Relay,
}

impl World {
    fn new(kind: Kind, rotation: &str) -> World {
        let cluster = Cluster::with(&Options { tcp: true, ..Options::default() });
        let store = aws::Server::start();
        let relay = Relay::start(cluster.server.port(), &store);
        cluster.sql("postgres").run("CREATE ROLE boss LOGIN SUPERUSER PASSWORD 'sesame'");
        let name = match kind {
            Kind::Folder => "file",
            Kind::SecretsManager => "aws-secretsmanager",
            Kind::ParameterStore => "aws-ssm",
        };
        cluster.layout(&format!(
            "[secrets]\nstore = \"{name}\"\nhost = \"127.0.0.1\"\nport = {}\nsslmode = \"disable\"\n\
             [service.orders.login.app]\nrole = \"dml\"\nrotation = \"{rotation}\"\n",
            relay.port
        ));
        World { kind, cluster, store, relay }
    }

    fn run(&self, args: &str) -> Run {
        let run = self.cluster.bare().args(args);
        let run = run.env("PGHOST", "127.0.0.1").env("PGPORT", self.relay.port.to_string());
        let run = run.env("PGUSER", "boss").env("PGPASSWORD", "sesame").env("PGDATABASE", "postgres");
        self.store.environment().into_iter().fold(run, |run, (name, value)| run.env(&name, value))
    }

    fn version(&self, stage: Stage) -> Option<Entry> {
        let world = self.store.world();
        let is_pending = stage == Stage::Pending;
        let json = |text: String| Entry::from_json(&text.into()).expect("an entry");
        match self.kind {
            Kind::Folder => {
                let name = if is_pending { "secrets/orders/app.pending.json" } else { "secrets/orders/app.json" };
                std::fs::read_to_string(self.cluster.folder.path().join(name)).ok().map(json)
            }
            Kind::SecretsManager => {
                let label = if is_pending { "AWSPENDING" } else { "AWSCURRENT" };
                let versions = &world.secrets.0.get(NAME)?.versions;
                let version = versions.values().find(|version| version.labels.contains(label))?;
                Some(json(version.value.clone().expect("a value")))
            }
            Kind::ParameterStore => {
                let parameter =
                    world.parameters.0.get(&format!("/{NAME}{}", if is_pending { ".pending" } else { "" }))?;
                let text = parameter.values.last().expect("a value").clone();
                Some(Entry::from_url(&text.into(), "postgres").expect("an entry"))
            }
        }
    }

    /// As if there had never been one.
    fn forget(&self) {
        let mut world = self.store.world();
        world.secrets.0.clear();
        world.parameters.0.clear();
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
        let current = self.version(Stage::Current).expect(when);
        assert!(Self::logs_in(&current), "the current version doesn't log in\n{when}");
        assert!(self.version(Stage::Pending).is_none(), "something is pending\n{when}");
    }
}

/// So many messages a run has at least.
const LEAST: usize = 15;

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
    assert!(deaths > LEAST, "{deaths} deaths only");
}

#[test]
fn rotating_the_roles_own_in_secrets_manager() {
    rotating_the_roles_own(Kind::SecretsManager);
}

#[test]
fn rotating_the_roles_own_in_the_parameter_store() {
    rotating_the_roles_own(Kind::ParameterStore);
}

#[test]
fn rotating_the_roles_own_in_a_folder() {
    rotating_the_roles_own(Kind::Folder);
}

fn rotating_the_roles_own(kind: Kind) {
    let world = World::new(kind, "single");
    let _ = world.run("apply --yes --allow all").end().code(0);
    everywhere(&world, "rotate --all --yes", false, |_, when| {
        // it may be the pending one that logs in, and then it is in the store
        let (current, pending) = (world.version(Stage::Current).expect(when), world.version(Stage::Pending));
        let logs_in = [Some(current), pending].into_iter().flatten().any(|entry| World::logs_in(&entry));
        assert!(logs_in, "no version logs in\n{when}");
        let _ = world.recover("secrets repair", when);
        world.is_well(when);
    });
}

/// The store's part is the same as above.
#[test]
fn rotating_in_turns() {
    let world = World::new(Kind::SecretsManager, "alternating");
    let _ = world.run("apply --yes --allow all").end().code(0);
    let held = std::cell::RefCell::new(world.version(Stage::Current).expect("an entry"));
    everywhere(&world, "rotate --all --yes --min-age 0", false, |_, when| {
        let current = world.version(Stage::Current).expect(when);
        assert!(World::logs_in(&current), "the current version doesn't log in\n{when}");
        // what was current when the run began
        assert!(World::logs_in(&held.borrow()), "the one before doesn't log in\n{when}");
        let _ = world.recover("rotate --all --yes --min-age 0 --older-than 30d", when);
        assert!(World::logs_in(&held.borrow()), "the one before doesn't log in after the next run\n{when}");
        world.is_well(when);
        *held.borrow_mut() = world.version(Stage::Current).expect(when);
    });
}

#[test]
fn giving_the_first_one_in_secrets_manager() {
    giving_the_first_one(Kind::SecretsManager);
}

#[test]
fn giving_the_first_one_in_the_parameter_store() {
    giving_the_first_one(Kind::ParameterStore);
}

fn giving_the_first_one(kind: Kind) {
    let world = World::new(kind, "single");
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
        world.forget();
    });
}
