//! Several applies at once: one works, and the others say who does.

use std::io::Write;
use std::process::Stdio;

use crate::actor::{Actor, each};
use crate::clients::Clients;
use crate::cluster::{APPLIED, NOTHING, wait_until};
use crate::run::Running;
use crate::watch::Watch;
use crate::world::World;

/// How many made changes; the others found nothing to do, or were refused.
fn at_once(world: &World, count: usize) {
    let running: Vec<_> = (0..count).map(|_| world.apply().start()).collect();
    let ended: Vec<_> = running.into_iter().map(Running::end).collect();
    let holder =
        format!("error: another apply or rotation is running on this cluster: {} (pgmoat, pid ", world.actor.login());
    let mut worked = 0;
    for end in ended {
        match end.code {
            0 if end.out == NOTHING => {}
            0 => {
                assert!(end.out.ends_with(APPLIED), "{end}");
                worked += 1;
            }
            5 if end.err.contains("a session that has just ended") => {}
            5 => drop(end.err_has(&[&holder, "hint: wait until it is done"])),
            _ => panic!("{end}"),
        }
    }
    assert_eq!(worked, 1, "of {count}");
    world.converged(&format!("{count} at once"));
}

fn two_and_twenty(actor: Actor, prepared: usize) {
    let world = World::new(actor, prepared, &[]);
    let clients = Clients::start(&world);
    for count in [2, 2, 2, 20] {
        let watch = Watch::start(&world);
        at_once(&world, count);
        watch.end();
        world.reset();
    }
    clients.end(&[]);
}

#[test]
fn two_and_twenty_at_once() {
    each(|actor| two_and_twenty(actor, 0));
    each(|actor| two_and_twenty(actor, 20));
}

/// One has the lock and asks its user; as long as he thinks, nobody else gets anywhere.
#[test]
fn one_is_thinking() {
    each(|actor| {
        let world = World::new(actor, 20, &[]);
        let mut first = world.cluster.pgmoat_in("apply --allow all").stdin(Stdio::piped()).start();
        wait_until("it asks", || first.has_said("[y/N]"));
        let lock = "SELECT pid::text FROM pg_locks WHERE locktype = 'advisory'";
        let pid = world.admin("postgres").one(lock);
        let before = world.cluster.catalog();
        let others: Vec<_> = (0..20).map(|_| world.apply().start()).collect();
        for other in others {
            let _ = other.end().code(5).out("").err_has(&[&format!("{} (pgmoat, pid {pid}, ", actor.login())]);
        }
        assert_eq!(world.cluster.catalog(), before);
        first.stdin().write_all(b"y\n").expect("it listens");
        let end = first.end().code(0);
        world.converged(&end.to_string());
    });
}
