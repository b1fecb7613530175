//! `pgmoat export`: what it writes of the layouts below tests/export, and what real servers make of it.
//!
//! To add a layout, add a folder with `layout.toml` and `commands.txt` (an export a line), and run `UPDATE_GOLDEN=1 cargo test
//! --test export`; read what it wrote. Not covered: AWS itself. What is for it is held against the grammar of its documents.

#[path = "program/cluster.rs"]
#[expect(dead_code, reason = "the program's own tests use the rest")]
mod cluster;
#[path = "export/golden.rs"]
mod golden;
#[path = "export/hba.rs"]
mod hba;
#[path = "export/pgbouncer.rs"]
mod pgbouncer;
#[path = "program/run.rs"]
#[expect(dead_code, reason = "the program's own tests use the rest")]
mod run;
#[path = "export/shape.rs"]
mod shape;
#[path = "export/values.rs"]
mod values;
