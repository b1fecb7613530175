//! AWS Secrets Manager: an entry is a secret, its versions are the secret's, and the labels say which is which.
//!
//! A version's value never changes, so a request may be sent again; and who moves a label says from which version, so nobody
//! moves what somebody else has moved meanwhile.
//! <https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html>

use std::fmt;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::AwsOptions;
use super::client::Client;
use super::failure::Failure;
use super::retry::{LOOKS, blink};
use crate::secrets::{Entry, ExposeSecret as _, Held, SecretString, Stage, StoreError, version};

/// The service in one region.
pub struct SecretsManager {
    client: Client,
    options: AwsOptions,
}

const CURRENT: &str = "AWSCURRENT";
const PENDING: &str = "AWSPENDING";
const PREVIOUS: &str = "AWSPREVIOUS";

impl SecretsManager {
    pub(super) fn new(client: Client, options: AwsOptions) -> Self {
        Self { client, options }
    }

    /// Without a secret's value, and with no other right than DescribeSecret; but where a version is pending, its reading is
    /// tried, since nothing else tells whether it has a value.
    pub(in crate::secrets) async fn describe(&self, name: &str) -> Result<Option<Held>, StoreError> {
        let Some(mut held) = self.look(name).await? else { return Ok(None) };
        if held.foreign.is_none() && is_shell(&held) {
            // whoever has made it, `create` gives it its first version
            return Ok(None);
        }
        if held.foreign.is_none() && held.pending != held.current && held.pending.is_some() {
            let why = "its version marked AWSPENDING has no value: a rotation by AWS ended half-way \
                       (aws secretsmanager update-secret-version-stage takes the mark away)";
            let tried = self.value(name, Stage::Pending).await;
            held.foreign = tried.is_err_and(|it| it.is("ResourceNotFoundException")).then(|| why.to_owned());
        }
        Ok(Some(held))
    }

    pub(in crate::secrets) async fn read(&self, name: &str, stage: Stage) -> Result<Entry, StoreError> {
        let mut look = 0;
        let answer = loop {
            match self.value(name, stage).await {
                Err(failure) if failure.is("ResourceNotFoundException") => {
                    let held = self.look(name).await?;
                    if held.as_ref().and_then(|held| of(held, stage)).is_none() {
                        return Err(StoreError::NoVersion { name: name.to_owned(), stage });
                    }
                    // a new version takes a moment to be known everywhere
                    if look + 1 == LOOKS {
                        return Err(failure.of("the reading", name));
                    }
                    blink(look).await;
                }
                done => break done.map_err(|failure| failure.of("the reading", name))?,
            }
            look += 1;
        };
        let text = answer.get("SecretString").and_then(Value::as_str).unwrap_or_default();
        let entry = Entry::from_json(&SecretString::from(text.to_owned()));
        entry.map_err(|source| StoreError::Entry { name: name.to_owned(), source })
    }

    /// First a secret without a version, then its first version with both labels at once: were they given one after the
    /// other, a run that dies between them would leave a password that nobody doubts.
    pub(in crate::secrets) async fn create(&self, name: &str, entry: &Entry) -> Result<(), StoreError> {
        let mut body = json!({ "Name": name, "ClientRequestToken": token()?, "Tags": self.options.tags() });
        if let Some(key) = &self.options.kms_key {
            body["KmsKeyId"] = key.as_str().into();
        }
        match self.client.call("CreateSecret", &body, None).await {
            Err(failure) if failure.is("ResourceExistsException") => {
                // a run that died had come so far, or this one: its answer was lost, and it asked again
                self.shows(name, (None, None), 3).await?;
                if self.look(name).await?.is_none_or(|held| held.foreign.is_some()) {
                    return Err(StoreError::Changed { name: name.to_owned() });
                }
            }
            done => drop(done.map_err(|failure| failure.of("the creation", name))?),
        }
        let token = self.put(name, entry, &[CURRENT, PENDING]).await?;
        self.shows(name, (Some(&token), Some(&token)), LOOKS).await
    }

    pub(in crate::secrets) async fn write_pending(&self, name: &str, entry: &Entry) -> Result<(), StoreError> {
        let held = self.look(name).await?.filter(|held| held.current.is_some());
        // the first version of all becomes current, whatever label it is given
        let Some(held) = held else {
            return Err(StoreError::NoVersion { name: name.to_owned(), stage: Stage::Current });
        };
        if held.pending.is_some() {
            return Err(StoreError::Changed { name: name.to_owned() });
        }
        let token = self.put(name, entry, &[PENDING]).await?;
        self.shows(name, (held.current.as_deref(), Some(&token)), LOOKS).await
    }

    pub(in crate::secrets) async fn doubt(&self, name: &str, held: &Held) -> Result<(), StoreError> {
        self.unchanged(name, held).await?;
        if held.pending.is_some() {
            return Err(StoreError::Changed { name: name.to_owned() });
        }
        let current = needed(held, Stage::Current, name)?;
        let body = json!({ "SecretId": name, "VersionStage": PENDING, "MoveToVersionId": current });
        self.relabel(name, held, &body, (Some(current), Some(current))).await
    }

    pub(in crate::secrets) async fn promote(&self, name: &str, held: &Held) -> Result<(), StoreError> {
        self.unchanged(name, held).await?;
        let pending = needed(held, Stage::Pending, name)?;
        if held.current.as_deref() == Some(pending) {
            return Ok(());
        }
        let current = needed(held, Stage::Current, name)?;
        let body = json!({
            "SecretId": name, "VersionStage": CURRENT, "MoveToVersionId": pending, "RemoveFromVersionId": current,
        });
        self.relabel(name, held, &body, (Some(pending), Some(pending))).await
    }

    pub(in crate::secrets) async fn settle(&self, name: &str, held: &Held) -> Result<(), StoreError> {
        self.unchanged(name, held).await?;
        let Some(pending) = held.pending.as_deref() else { return Ok(()) };
        let body = json!({ "SecretId": name, "VersionStage": PENDING, "RemoveFromVersionId": pending });
        self.relabel(name, held, &body, (held.current.as_deref(), None)).await
    }

    /// The stage is always named: some policies demand it, and some servers take the wrong one without.
    async fn value(&self, name: &str, stage: Stage) -> Result<Value, Failure> {
        let body = json!({ "SecretId": name, "VersionStage": label(stage) });
        self.client.call("GetSecretValue", &body, None).await
    }

    pub(in crate::secrets) async fn look(&self, name: &str) -> Result<Option<Held>, StoreError> {
        match self.client.call("DescribeSecret", &json!({ "SecretId": name }), None).await {
            Err(failure) if failure.is("ResourceNotFoundException") => Ok(None),
            done => Ok(Some(held(name, &done.map_err(|failure| failure.of("the description", name))?))),
        }
    }

    /// A new version; its name is that of the request, so that sending it twice makes one.
    async fn put(&self, name: &str, entry: &Entry, labels: &[&str]) -> Result<String, StoreError> {
        let token = token()?;
        let text = entry.to_json();
        let body = json!({
            "SecretId": name, "ClientRequestToken": token, "SecretString": text.expose_secret(), "VersionStages": labels,
        });
        let put = self.client.call("PutSecretValue", &body, Some(entry)).await;
        put.map(|_| token).map_err(|failure| failure.of("the writing", name))
    }

    /// Moves a label. A refusal may mean that an attempt whose answer was lost has moved it already.
    async fn relabel(&self, name: &str, before: &Held, body: &Value, after: Labels<'_>) -> Result<(), StoreError> {
        let failure = match self.client.call("UpdateSecretVersionStage", body, None).await {
            Ok(_) => return self.shows(name, after, LOOKS).await,
            Err(failure) if failure.kind.is_none() => return Err(failure.of("the labelling", name)),
            Err(failure) => failure,
        };
        match self.shows(name, after, 3).await {
            Err(StoreError::Changed { .. }) if self.unchanged(name, before).await.is_ok() => {
                Err(failure.of("the labelling", name))
            }
            done => done,
        }
    }

    /// Does the secret still look so? A look may show what was a moment ago, so another is taken before it is believed.
    async fn unchanged(&self, name: &str, held: &Held) -> Result<(), StoreError> {
        self.shows(name, labels(held), 3).await
    }

    /// Waits until everybody sees what we have written, or until it isn't to be expected any more.
    async fn shows(&self, name: &str, wanted: Labels<'_>, looks: u32) -> Result<(), StoreError> {
        for look in 0..looks {
            if look > 0 {
                blink(look - 1).await;
            }
            if self.look(name).await?.is_some_and(|held| labels(&held) == wanted) {
                return Ok(());
            }
        }
        Err(StoreError::Changed { name: name.to_owned() })
    }
}

/// Of a request; one that makes a version names it by this.
fn token() -> Result<String, StoreError> {
    version().map_err(|error| StoreError::Unreachable(error.to_string()))
}

/// The versions that are current and pending.
type Labels<'a> = (Option<&'a str>, Option<&'a str>);

fn labels(held: &Held) -> Labels<'_> {
    (held.current.as_deref(), held.pending.as_deref())
}

fn label(stage: Stage) -> &'static str {
    match stage {
        Stage::Current => CURRENT,
        Stage::Pending => PENDING,
        Stage::Previous => PREVIOUS,
    }
}

fn of(held: &Held, stage: Stage) -> Option<&str> {
    match stage {
        Stage::Current => held.current.as_deref(),
        Stage::Pending => held.pending.as_deref(),
        Stage::Previous => held.previous.as_deref(),
    }
}

fn needed<'a>(held: &'a Held, stage: Stage, name: &str) -> Result<&'a str, StoreError> {
    of(held, stage).ok_or_else(|| StoreError::NoVersion { name: name.to_owned(), stage })
}

/// A secret without any version.
fn is_shell(held: &Held) -> bool {
    held.current.is_none() && held.pending.is_none()
}

/// What DescribeSecret says.
fn held(name: &str, answer: &Value) -> Held {
    let version = |label: &str| {
        let versions = answer.get("VersionIdsToStages")?.as_object()?;
        let has = |labels: &Value| labels.as_array().is_some_and(|all| all.iter().any(|one| one == label));
        versions.iter().find(|(_, labels)| has(labels)).map(|(id, _)| id.clone())
    };
    Held {
        reference: answer.get("ARN").and_then(Value::as_str).unwrap_or(name).to_owned(),
        current: version(CURRENT),
        pending: version(PENDING),
        previous: version(PREVIOUS),
        since: since(answer),
        foreign: foreign(answer),
    }
}

/// When a label was moved last. The version's own date is that of its writing, which may be long before clients got it when
/// a run died in between; and who still holds the one before counts from then.
fn since(answer: &Value) -> Option<SystemTime> {
    let seconds = answer.get("LastChangedDate").or_else(|| answer.get("CreatedDate"))?.as_f64()?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::try_from_secs_f64(seconds).ok()?)
}

fn foreign(answer: &Value) -> Option<String> {
    let text = |key: &str| answer.get(key).and_then(Value::as_str);
    if answer.get("DeletedDate").is_some_and(|date| !date.is_null()) {
        return Some("it is scheduled for deletion (aws secretsmanager restore-secret takes that back)".to_owned());
    }
    if let Some(owner) = text("OwningService").filter(|owner| !owner.is_empty()) {
        return Some(format!("it belongs to AWS's own service {owner}, which changes it by itself"));
    }
    if answer.get("RotationEnabled").and_then(Value::as_bool) == Some(true) {
        return Some("AWS rotates it (aws secretsmanager cancel-rotate-secret ends that)".to_owned());
    }
    super::not_ours(answer.get("Tags"))
}

impl fmt::Debug for SecretsManager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretsManager").field("client", &self.client).field("options", &self.options).finish()
    }
}

impl fmt::Display for SecretsManager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AWS Secrets Manager in {}", self.client.region())
    }
}
