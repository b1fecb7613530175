//! AWS Secrets Manager: an entry is a secret, its versions are the secret's, and the labels say which is which.
//!
//! A version's value never changes, so a request may be sent again; and who moves a label says from which version, so nobody
//! moves what somebody else has moved meanwhile.
//! <https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html>

mod description;

use std::fmt;

use serde_json::{Value, json};

use super::AwsOptions;
use super::client::Client;
use super::failure::Failure;
use super::retry::{LOOKS, blink};
use crate::secrets::{Entry, ExposeSecret as _, Held, SecretString, Stage, StoreError, version};
use description::{CURRENT, Labels, PENDING, held, is_shell, label, labels, needed, of};

/// The service in one region.
pub struct SecretsManager {
    client: Client,
    options: AwsOptions,
}

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
        match self.shows(name, (Some(&token), Some(&token)), LOOKS).await {
            // the manual doesn't say outright that a first version gets other labels than AWSCURRENT
            Err(StoreError::Changed { .. }) => match self.look(name).await? {
                Some(held) if labels(&held) == (Some(&token), None) => self.doubt(name, &held).await,
                _ => Err(StoreError::Changed { name: name.to_owned() }),
            },
            done => done,
        }
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
