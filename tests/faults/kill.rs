//! The program is killed, as by kill -9, at random moments of an apply; the next one starts at once.

use std::thread::sleep;

use crate::actor::{Actor, each};
use crate::clients::Clients;
use crate::dice::Dice;
use crate::watch::Watch;
use crate::world::World;

/// For each way to commit and each who applies: fifty in all.
const MOMENTS: usize = 13;

fn at_random_moments(actor: Actor, prepared: usize) {
    let world = World::new(actor, prepared, &[]);
    let whole = world.measure();
    let mut dice = Dice::of(&format!("kill as {actor:?}, {prepared} prepared transactions"));
    let (clients, watch) = (Clients::start(&world), Watch::start(&world));
    for nth in 1..=MOMENTS {
        let after = dice.moment(whole);
        let mut running = world.apply().start();
        sleep(after);
        running.kill();
        let end = running.end();
        let when = format!("seed {}, {actor:?}: moment {nth}, after {after:?} of {whole:?}\n{end}", dice.seed);
        assert!(end.code == -1 || end.code == 0, "{when}");
        let _ = world.recover(&when);
        let _unseen = watch.pause();
        world.reset();
    }
    watch.end();
    clients.end(&[]);
}

#[test]
fn where_databases_are_committed_one_after_another() {
    each(|actor| at_random_moments(actor, 0));
}

#[test]
fn where_all_databases_are_committed_at_once() {
    each(|actor| at_random_moments(actor, 20));
}
