//! Passwords: made here, kept in a store, set as SCRAM verifiers, changed without anybody being locked out.
//!
//! The order is everything: a password is in the store before the server knows it, and the server knows it before clients
//! are told. All state is in the store's labels and in what logs in, so a run that dies is continued by the next.

#[cfg(feature = "aws")]
mod aws;
mod entry;
mod file_store;
mod generate;
mod store;
mod verifier;

#[cfg(feature = "aws")]
pub use aws::{AwsOptions, SecretsManager, Ssm};
pub use entry::{Entry, EntryError};
pub use file_store::{FileStore, Format};
pub use generate::{password, version};
pub use secrecy::{ExposeSecret, SecretString};
pub use store::{Held, Stage, Store, StoreError};
pub use verifier::{Verifier, VerifierError};
