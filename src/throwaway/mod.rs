//! Throwaway PostgreSQL servers: found, fetched or run from an image, started as an ordinary user, gone when their owner is gone.
//!
//! Used by `pgmoat demo`, by the tests and by the benches. It works with the standard library and the programs that
//! every Unix has (`sh`, `cp`, `rm`, `tar`, `id`), and uses no other module of the crate.
//!
//! Nothing here may hold a value: `fsync` is off, and the data directory is removed on every way out.

mod binaries;
mod cache;
mod container;
mod error;
mod image;
mod npm;
mod server;
mod supervisor;
mod user;

pub use binaries::{Binaries, MAJORS, Origin, find_or_fetch};
pub use cache::Places;
pub use error::Error;
pub use server::{Options, Server};
