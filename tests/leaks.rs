//! No password, key or token comes out of a run, whatever it does and however it fails: not on a stream, into a file, an argument of a
//! process, a statement, the server's log or anything on its disk. Every command is run, as talkative as it gets, on a server that logs
//! all it can. `PGMOAT_TEST_PG=14` to `18` chooses the server's major version; without it, any will do.
//!
//! Not covered: the memory of a live process, which its user and root may read, and what the environment of the user's own shell shows.
#![cfg(feature = "aws")]

#[path = "support/aws/mod.rs"]
#[expect(dead_code, reason = "the stores' own tests use the rest")]
mod aws;
#[path = "program/cluster.rs"]
#[expect(dead_code, reason = "the tests of the command line use the rest")]
mod cluster;
#[path = "leaks/commands.rs"]
mod commands;
#[path = "leaks/control.rs"]
mod control;
#[path = "leaks/core_dump.rs"]
mod core_dump;
#[path = "leaks/failures.rs"]
mod failures;
#[path = "leaks/house.rs"]
mod house;
#[path = "leaks/known.rs"]
mod known;
#[path = "leaks/processes.rs"]
mod processes;
#[path = "program/run.rs"]
#[expect(dead_code, reason = "the tests of the command line use the rest")]
mod run;
