//! The server restarts in the middle: in order, and as after a crash.

use std::thread::sleep;

use crate::actor::{Actor, each};
use crate::clients::Clients;
use crate::dice::Dice;
use crate::world::World;

const MOMENTS: usize = 8;

/// What a service is told while the server is away: shutdown, crash, starting; or nothing, when the connection is gone.
const AWAY: [&str; 4] = ["57P01", "57P02", "57P03", ""];

fn at_random_moments(actor: Actor, prepared: usize, crash: bool) {
    // what is said to be committed must be there after a crash
    let mut world = World::new(actor, prepared, &[("synchronous_commit", "on")]);
    let whole = world.measure();
    let mut dice = Dice::of(&format!("restart as {actor:?}, crash: {crash}, {prepared} prepared transactions"));
    let clients = Clients::start(&world);
    for nth in 1..=MOMENTS {
        let after = dice.moment(whole);
        let running = world.apply().start();
        sleep(after);
        if crash {
            world.cluster.server.kill_immediately().expect("killed");
        }
        world.cluster.server.restart().expect("restarted");
        world.forget(|_| true);
        let end = running.end();
        let when = format!("seed {}, crash: {crash}: moment {nth}, after {after:?} of {whole:?}\n{end}", dice.seed);
        assert!(end.code == 0 || end.code == 1 && end.err.starts_with("error: "), "{when}");
        world.truthful(&end);
        if end.code == 0 {
            world.converged(&when);
        }
        let _ = world.recover(&when);
        world.reset();
    }
    clients.end(&AWAY);
}

#[test]
fn in_order() {
    each(|actor| at_random_moments(actor, 0, false));
    each(|actor| at_random_moments(actor, 20, false));
}

#[test]
fn as_after_a_crash() {
    each(|actor| at_random_moments(actor, 0, true));
    each(|actor| at_random_moments(actor, 20, true));
}
