//! What tests against real servers share.

mod attempts;
mod golden;
mod lost;
mod oracle;
pub(crate) mod scenario;
mod script;
mod server;
mod touched;
