//! Connections to real servers, and to a false one. Not covered: IPv6, a resolver that doesn't answer, and channel
//! binding with RSA certificates, which rcgen can't make with ring.

#[path = "db_live/fixture.rs"]
mod fixture;
#[path = "db_live/hostile.rs"]
mod hostile;
#[path = "support/hostile.rs"]
mod server;
#[path = "db_live/sessions.rs"]
mod sessions;
#[path = "db_live/trust.rs"]
mod trust;
#[path = "db_live/unreachable.rs"]
mod unreachable;
