//! What tests against real servers share.

mod attempts;
mod golden;
mod oracle;
pub(crate) mod scenario;
pub(crate) mod script;
pub(crate) mod server;
mod touched;
