//! A parameter, as requests write it and answers tell of it.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::secrets::aws::AwsOptions;
use crate::secrets::{Entry, ExposeSecret as _, SecretString};

/// How the description of a pending version begins; the number follows that it is going to have.
pub(super) const BECOMES: &str = "pgmoat: becomes version ";

/// What DescribeParameters says: no value.
pub(super) struct Metadata {
    pub(super) name: String,
    pub(super) arn: Option<String>,
    pub(super) version: u64,
    pub(super) since: Option<SystemTime>,
    pub(super) key: Option<String>,
    pub(super) is_secure: bool,
    /// Of a pending one.
    pub(super) becomes: Option<u64>,
}

impl Metadata {
    pub(super) fn read(answer: &Value) -> Option<Self> {
        let text = |key: &str| answer.get(key).and_then(Value::as_str).map(str::to_owned);
        let seconds = answer.get("LastModifiedDate").and_then(Value::as_f64);
        let since = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let description = text("Description").unwrap_or_default();
        let becomes = description.strip_prefix(BECOMES).and_then(|rest| rest.split(' ').next());
        Some(Self {
            name: text("Name")?,
            arn: text("ARN"),
            version: answer.get("Version")?.as_u64()?,
            since: since.and_then(|since| SystemTime::UNIX_EPOCH.checked_add(since)),
            key: text("KeyId"),
            is_secure: text("Type").as_deref() == Some("SecureString"),
            becomes: becomes.and_then(|number| number.parse().ok()),
        })
    }
}

/// What GetParameter says.
pub(super) struct Stored {
    pub(super) value: SecretString,
    pub(super) version: u64,
}

impl Stored {
    pub(super) fn read(answer: &Value) -> Self {
        let parameter = answer.get("Parameter").unwrap_or(&Value::Null);
        let value = parameter.get("Value").and_then(Value::as_str).unwrap_or_default().to_owned();
        Self { value: value.into(), version: parameter.get("Version").and_then(Value::as_u64).unwrap_or_default() }
    }
}

/// What is to be written.
pub(super) struct Put<'a> {
    pub(super) path: &'a str,
    pub(super) entry: &'a Entry,
    pub(super) description: Option<String>,
    pub(super) key: Option<&'a str>,
}

impl Put<'_> {
    /// A parameter that isn't there yet. It has its tags from the start, which only a new one can be given along.
    pub(super) fn new_one(&self, options: &AwsOptions) -> Value {
        let mut body = self.body(false);
        body["Tags"] = options.tags().into();
        if let Some(description) = &self.description {
            body["Description"] = description.as_str().into();
        }
        body
    }

    /// One more version of a parameter.
    pub(super) fn another(&self) -> Value {
        self.body(true)
    }

    fn body(&self, overwrite: bool) -> Value {
        let url = self.entry.url();
        let mut body = json!({
            "Name": self.path, "Value": url.expose_secret(), "Type": "SecureString", "Overwrite": overwrite,
        });
        if let Some(key) = self.key {
            body["KeyId"] = key.into();
        }
        body
    }
}
