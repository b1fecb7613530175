//! How pgmoat connects: libpq's connection settings, TLS, sessions, and errors that say what to do.
//!
//! This module and `catalog` are the only ones that name the driver.

mod blocker;
mod connect;
mod connect_error;
mod conninfo;
mod conninfo_error;
mod dial;
mod environment;
mod frames;
mod guard;
mod intact;
mod limits;
mod parting;
mod password;
mod pgpass;
pub mod regular_file;
mod require_auth;
mod server_error;
mod service;
mod session;
mod statement_error;
mod tls;
mod wait;

pub use connect::connect;
pub use connect_error::ConnectError;
pub use conninfo::Conninfo;
pub use conninfo_error::{ConninfoError, Origin};
pub use environment::Environment;
pub use frames::{Asks, Breach, first_breach};
pub use intact::Planted;
pub use limits::Limits;
pub use parting::farewell;
pub use server_error::{Notice, ServerError};
pub use service::Client;
pub use session::{Canceller, Session};
pub use statement_error::StatementError;
pub use tls::TlsSetupError;

pub use tokio_postgres::Row;
pub use tokio_postgres::types::{FromSql, ToSql};
