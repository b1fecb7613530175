//! The two stores of AWS, by a client of our own for the dozen calls that we need: docs/decisions/021.

mod client;
mod credentials;
mod endpoint;
mod failure;
mod profile;
mod retry;
mod secrets_manager;
mod ssm;
mod wire;

use std::collections::BTreeMap;

pub use secrets_manager::SecretsManager;
pub use ssm::Ssm;

use super::{Store, StoreError};
use crate::db::Environment;
use client::{Client, Service};

/// What `[secrets]` says of an AWS store.
#[derive(Debug, Clone, Default)]
pub struct AwsOptions {
    /// Else `AWS_REGION`, `AWS_DEFAULT_REGION`, and what the profile says.
    pub region: Option<String>,
    /// By which new values are encrypted: an id, an ARN or an alias; else the account's own key for the service.
    pub kms_key: Option<String>,
    /// Of each new entry, besides `managed-by`.
    pub tags: BTreeMap<String, String>,
}

/// The tag by which we know our own entries, and its value.
const MANAGED_BY: (&str, &str) = ("managed-by", "pgmoat");

impl AwsOptions {
    /// As a request has them.
    fn tags(&self) -> Vec<serde_json::Value> {
        let ours = (MANAGED_BY.0, MANAGED_BY.1);
        let all = std::iter::once(ours).chain(self.tags.iter().map(|(key, value)| (key.as_str(), value.as_str())));
        all.map(|(key, value)| serde_json::json!({ "Key": key, "Value": value })).collect()
    }
}

/// Why an entry with these tags isn't ours.
fn not_ours(tags: Option<&serde_json::Value>) -> Option<String> {
    let tags = tags.and_then(serde_json::Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let has = |tag: &serde_json::Value| tag["Key"] == MANAGED_BY.0 && tag["Value"] == MANAGED_BY.1;
    let why = || format!("it has no tag {}={}, so somebody else keeps it", MANAGED_BY.0, MANAGED_BY.1);
    (!tags.iter().any(has)).then(why)
}

impl Store {
    /// AWS Secrets Manager. The environment says where it is and who we are, as it does to AWS's own tools; nobody is
    /// asked yet.
    ///
    /// # Errors
    /// When there is no region, or the endpoint isn't one that passwords may be sent to.
    pub fn secrets_manager(options: AwsOptions, environment: &Environment) -> Result<Self, StoreError> {
        let client = Client::new(Service::SecretsManager, options.region.as_deref(), environment)?;
        Ok(Self::SecretsManager(SecretsManager::new(client, options)))
    }

    /// The Parameter Store of AWS Systems Manager; as [`Store::secrets_manager`].
    ///
    /// # Errors
    /// As [`Store::secrets_manager`].
    pub fn ssm(options: AwsOptions, environment: &Environment) -> Result<Self, StoreError> {
        let client = Client::new(Service::Ssm, options.region.as_deref(), environment)?;
        Ok(Self::Ssm(Ssm::new(client, options)))
    }
}
