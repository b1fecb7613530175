//! The program as people run it, against real servers: what it prints where, how it ends, and that whatever goes wrong
//! leaves nothing half-done. `PGMOAT_TEST_PG=14` to `18` chooses the server's major version; without it, any will do.
//!
//! Not covered: TLS (tests/db_live.rs has it), and what plans say of which state (tests/scenarios.rs).

#[path = "cli/action.rs"]
mod action;
#[path = "cli/adopt.rs"]
mod adopt;
#[path = "cli/bounded.rs"]
mod bounded;
#[path = "cli/busy.rs"]
mod busy;
#[path = "program/cluster.rs"]
mod cluster;
#[path = "cli/conflicts.rs"]
mod conflicts;
#[path = "cli/connection.rs"]
mod connection;
#[path = "cli/consent.rs"]
mod consent;
#[path = "cli/decoys.rs"]
mod decoys;
#[path = "cli/deep.rs"]
mod deep;
#[path = "cli/deep_definitions.rs"]
mod deep_definitions;
#[path = "cli/drift.rs"]
mod drift;
#[path = "cli/exceptions.rs"]
mod exceptions;
#[path = "cli/hidden_names.rs"]
mod hidden_names;
#[path = "cli/hostile.rs"]
mod hostile;
#[path = "cli/layout_input.rs"]
mod layout_input;
#[path = "cli/names.rs"]
mod names;
#[path = "cli/outliving.rs"]
mod outliving;
#[path = "cli/output.rs"]
mod output;
#[path = "cli/own_settings.rs"]
mod own_settings;
#[path = "cli/passwords.rs"]
mod passwords;
#[path = "cli/planted.rs"]
mod planted;
#[path = "cli/prove.rs"]
mod prove;
#[path = "cli/provisioner.rs"]
mod provisioner;
#[path = "cli/refused.rs"]
mod refused;
#[path = "cli/retire.rs"]
mod retire;
#[path = "program/run.rs"]
mod run;
#[path = "cli/saved_plan.rs"]
mod saved_plan;
#[path = "cli/search_path.rs"]
mod search_path;
#[path = "support/hostile.rs"]
#[expect(dead_code, reason = "the tests of connections use the rest")]
mod server;
#[path = "cli/standby.rs"]
mod standby;
#[path = "cli/start.rs"]
mod start;
#[path = "cli/strangers.rs"]
mod strangers;
#[path = "cli/takeover.rs"]
mod takeover;
#[path = "cli/unseen.rs"]
mod unseen;
#[path = "cli/usage.rs"]
mod usage;
