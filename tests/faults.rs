//! What goes wrong for real while an apply runs: it is killed, the server restarts, the network ends, others are in the way or
//! hold what it needs, the server refuses, connections run out, others apply at the same time. After each: nobody has more
//! than the layout gives, nobody who keeps his rights has noticed, and the next apply makes all as the layout says.
//! `PGMOAT_TEST_PG=14` to `18` chooses the server's major version; `PGMOAT_TEST_SEED` repeats the random moments of a run.
//!
//! Not covered: a disk that is full (tests/disk_full.rs), a standby that takes over, and pools between us and the server.

#[path = "faults/actor.rs"]
mod actor;
#[path = "faults/beginning.rs"]
mod beginning;
#[path = "faults/clients.rs"]
mod clients;
#[path = "program/cluster.rs"]
mod cluster;
#[path = "faults/connections.rs"]
mod connections;
#[path = "faults/cut.rs"]
mod cut;
#[path = "faults/dice.rs"]
mod dice;
#[path = "faults/kill.rs"]
mod kill;
#[path = "faults/leftovers.rs"]
mod leftovers;
#[path = "faults/many.rs"]
mod many;
#[path = "faults/one.rs"]
mod one;
#[path = "support/oracle.rs"]
mod oracle;
#[path = "faults/others.rs"]
mod others;
#[path = "faults/proxy.rs"]
mod proxy;
#[path = "faults/reach.rs"]
mod reach;
#[path = "faults/refused.rs"]
mod refused;
#[path = "faults/restart.rs"]
mod restart;
#[path = "program/run.rs"]
mod run;
#[path = "faults/server.rs"]
mod server;
#[path = "faults/watch.rs"]
mod watch;
#[path = "faults/world.rs"]
mod world;
