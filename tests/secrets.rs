//! Passwords from their birth to their end, with the program as people run it, against real servers that ask for them.
//! `PGMOAT_TEST_PG=14` to `18` chooses the server's major version; without it, any will do.
//!
//! Not covered: the AWS stores themselves (tests/aws_stores.rs has them).

#[path = "secrets/adopt.rs"]
mod adopt;
#[cfg(feature = "aws")]
#[path = "support/aws/mod.rs"]
#[expect(dead_code, reason = "the stores' own tests use the rest")]
mod aws;
#[path = "program/cluster.rs"]
#[expect(dead_code, reason = "the tests of the command line use the rest")]
mod cluster;
#[path = "secrets/fire.rs"]
mod fire;
#[path = "secrets/given.rs"]
mod given;
#[path = "support/hostile.rs"]
#[expect(dead_code, reason = "the tests of connections use the rest")]
mod hostile;
#[path = "secrets/hostile.rs"]
mod hostile_host;
#[cfg(feature = "aws")]
#[path = "secrets/kill.rs"]
mod kill;
#[path = "secrets/own_settings.rs"]
mod own_settings;
#[path = "secrets/prove.rs"]
mod prove;
#[path = "secrets/prove_untried.rs"]
mod prove_untried;
#[cfg(feature = "aws")]
#[path = "secrets/relay.rs"]
mod relay;
#[path = "secrets/repair.rs"]
mod repair;
#[path = "secrets/rotate.rs"]
mod rotate;
#[path = "program/run.rs"]
#[expect(dead_code, reason = "the tests of the command line use the rest")]
mod run;
#[path = "secrets/shop.rs"]
mod shop;
#[path = "secrets/strange.rs"]
mod strange;
#[path = "secrets/unfinished.rs"]
mod unfinished;
