//! The network ends at each message that matters: before it reaches the server, and after, before the answer comes back.

use crate::actor::Actor;
use crate::clients::Clients;
use crate::proxy::{Cut, Proxy};
use crate::watch::Watch;
use crate::world::World;

/// As messages: queries of one word.
pub(crate) const COMMIT: &str = "Q\0\0\0\u{b}COMMIT\0";
const BEGIN: &str = "Q\0\0\0\u{a}BEGIN\0";

/// Asked of every database when the catalog is read, and when it is read again.
const READ: &str = "pg_catalog.pg_default_acl";

/// How often these words are sent in an undisturbed apply.
pub(crate) fn count(world: &World, words: &'static str) -> usize {
    let proxy = Proxy::start(&world.cluster, Cut::Before(words, usize::MAX));
    let end = proxy.aim(world.bare_apply()).end().code(0);
    assert!(proxy.seen() > 0, "{words:?} is never sent\n{end}");
    world.quiet();
    world.reset();
    proxy.seen()
}

/// The last statement of the plan.
fn last(world: &World) -> &'static str {
    let _ = world.cluster.pgmoat("plan --out plan.json").end().code(3);
    let plan: serde_json::Value = serde_json::from_str(&world.cluster.read("plan.json")).expect("JSON");
    let steps = plan["steps"].as_array().expect("steps");
    let statements = steps.last().and_then(|step| step["sql"].as_array()).expect("statements");
    let last = statements.last().and_then(|sql| sql.as_str()).expect("a statement");
    last.to_owned().leak()
}

/// In every way at this message; what is prepared and not complete must not look so.
fn at(world: &World, watch: &Watch, words: &'static str, nth: usize) {
    for cut in [Cut::Before(words, nth), Cut::After(words, nth), Cut::One(words, nth)] {
        let proxy = Proxy::start(&world.cluster, cut);
        let end = proxy.aim(world.bare_apply()).end();
        let when = format!("{cut:?}\n{end}");
        assert!(proxy.has_cut(), "{when}");
        assert!(end.code == 1 && end.err.starts_with("error: "), "{when}");
        world.truthful(&end);
        let _ = world.recover(&when);
        let _unseen = watch.pause();
        world.reset();
    }
}

fn everywhere(actor: Actor, prepared: usize) {
    let world = World::new(actor, prepared, &[]);
    let (begins, reads) = (count(&world, BEGIN), count(&world, READ));
    let mut messages = vec![(BEGIN, 1), (BEGIN, begins), ("GRANT ", 1), (last(&world), 1), (READ, reads)];
    // the roles, and the database that opens
    let commits = count(&world, COMMIT);
    let first = if prepared > 0 { commits - 1 } else { commits - 6 };
    messages.extend([("CREATE DATABASE", 1), (COMMIT, first), (COMMIT, first + 1)]);
    if prepared > 0 {
        messages.extend((1..=5).flat_map(|nth| [("PREPARE TRANSACTION", nth), ("COMMIT PREPARED", nth)]));
    } else {
        messages.extend((commits - 4..=commits).map(|nth| (COMMIT, nth)));
    }
    let (clients, watch) = (Clients::start(&world), Watch::start(&world));
    for (words, nth) in messages {
        at(&world, &watch, words, nth);
    }
    watch.end();
    clients.end(&[]);
}

// Who applies is nothing to the network: each of the two in one of the two ways.
#[test]
fn where_databases_are_committed_one_after_another() {
    everywhere(Actor::Provisioner, 0);
}

#[test]
fn where_all_databases_are_committed_at_once() {
    everywhere(Actor::Superuser, 20);
}
