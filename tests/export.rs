//! `pgmoat export`: what it writes of the layouts below tests/export, and what real servers make of it.
//!
//! To add a layout, add a folder with `layout.toml` and `commands.txt` (an export a line), and run `UPDATE_GOLDEN=1 cargo test
//! --test export`; read what it wrote. Not covered: AWS itself. What is for it is held against the grammar of its documents.

#[cfg(feature = "aws")]
#[path = "support/aws/mod.rs"]
#[expect(dead_code, reason = "the stores' own tests use the rest")]
mod aws;
#[path = "program/cluster.rs"]
#[expect(dead_code, reason = "the program's own tests use the rest")]
mod cluster;
#[cfg(feature = "aws")]
#[path = "export/ecs.rs"]
mod ecs;
#[cfg(feature = "aws")]
#[path = "export/example.rs"]
mod example;
#[path = "export/golden.rs"]
mod golden;
#[path = "export/hba.rs"]
mod hba;
#[cfg(feature = "aws")]
#[path = "export/permissions.rs"]
mod permissions;
#[path = "export/pgbouncer.rs"]
mod pgbouncer;
#[path = "program/run.rs"]
#[expect(dead_code, reason = "the program's own tests use the rest")]
mod run;
#[path = "export/shape.rs"]
mod shape;
#[path = "export/values.rs"]
mod values;
