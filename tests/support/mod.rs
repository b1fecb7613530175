//! What tests against real servers share.

mod attempts;
mod golden;
mod lost;
mod oracle;
mod provisioner;
pub(crate) mod scenario;
mod script;
mod server;
mod touched;
