//! Passwords: made here, kept in a store, set as SCRAM verifiers, changed without anybody being locked out.
//!
//! The order is everything: a password is in the store before the server knows it, and the server knows it before clients
//! are told. All state is in the store's labels and in what logs in, so a run that dies is continued by the next.

mod account;
#[cfg(feature = "aws")]
mod aws;
mod client;
mod entry;
mod file_store;
mod generate;
mod keep_error;
mod keeper;
mod private_folder;
mod probe;
mod rotate;
mod status;
mod store;
mod stored;
mod verifier;

pub use account::{Account, Place};
#[cfg(feature = "aws")]
pub use aws::{AwsOptions, SecretsManager, Ssm};
pub use entry::{Entry, EntryError};
pub use file_store::{FileStore, Format};
pub use generate::{password, version};
pub use keep_error::{KeepError, age_for_people};
pub use keeper::{Done, Keeper, What, prepare};
pub use rotate::Rotation;
pub use secrecy::{ExposeSecret, SecretString};
pub use status::{LogsIn, Status};
pub use store::{Held, Stage, Store, StoreError};
pub use stored::{Stored, stored};
pub use verifier::{Verifier, VerifierError};
