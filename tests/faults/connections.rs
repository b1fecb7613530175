//! The server takes no more connections: at each number that an apply may still have.

use crate::actor::{Actor, each};
use crate::cluster::Sql;
use crate::world::World;

const MAX: usize = 24;

/// How the server says it: to those who may use no reserved one, and to superusers.
const FULL: [&str; 2] = ["too many clients already", "remaining connection slots are reserved"];

/// Sessions of the superuser, until just so many are free.
fn all_but(world: &World, free: usize) -> Vec<Sql> {
    let first = world.cluster.sql("postgres");
    let used = first.one("SELECT count(*)::text FROM pg_stat_activity WHERE backend_type = 'client backend'");
    let used: usize = used.parse().expect("a number");
    let more = (used..MAX - free).map(|_| world.cluster.sql("postgres"));
    let mut sessions: Vec<Sql> = more.collect();
    sessions.push(first);
    sessions
}

fn full(end: &crate::run::Output) {
    assert_eq!(end.code, 1, "{end}");
    assert!(end.err.starts_with("error: ") && FULL.iter().any(|words| end.err.contains(words)), "{end}");
}

fn fewer_and_fewer(actor: Actor, prepared: usize) {
    let world = World::new(actor, prepared, &[("max_connections", &MAX.to_string())]);
    let mut enough = None;
    for free in 0..MAX {
        let sessions = all_but(&world, free);
        let end = world.apply().end();
        let when = format!("{free} free\n{end}");
        drop(sessions);
        world.quiet();
        if end.code == 0 {
            world.converged(&when);
            enough = Some(free);
            break;
        }
        full(&end);
        world.untouched(&when);
        if free % 2 == 0 {
            let _ = world.recover(&when);
        }
        world.reset();
    }
    // the lock's and one for each database; somewhat more for a superuser, who alone may have the last three
    assert!(enough.is_some_and(|free| (6..=10).contains(&free)), "{enough:?} were enough");
}

#[test]
fn the_last_ones() {
    each(|actor| fewer_and_fewer(actor, 0));
    each(|actor| fewer_and_fewer(actor, 20));
}

/// Services take all that they can have: what is left is for superusers, and not enough.
#[test]
fn the_reserved_ones() {
    each(|actor| {
        let world = World::new(actor, 20, &[("max_connections", &MAX.to_string())]);
        let conninfo = format!("{} application_name=test user=alice dbname=a", world.cluster.server.conninfo());
        let mut services: Vec<Sql> = std::iter::from_fn(|| Sql::attempt_open(&conninfo).ok()).collect();
        assert!(services.len() > MAX / 2, "{}", services.len());
        let end = world.apply().end();
        full(&end);
        services.truncate(3);
        world.quiet();
        world.untouched(&end.err);
        let _ = world.recover(&end.err);
    });
}
