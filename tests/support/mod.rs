//! What tests against real servers share.

mod attempts;
mod golden;
mod lost;
mod oracle;
pub(crate) mod provisioner;
pub(crate) mod scenario;
pub(crate) mod script;
pub(crate) mod server;
mod touched;
