//! The Parameter Store of AWS Systems Manager: an entry is a SecureString `/NAME` that holds the URL alone, which ECS gives to
//! containers as it is. The service has no labels that ECS heeds, so what is pending is a second parameter, `/NAME.pending`.
//!
//! A version's name is its number in `/NAME`. A pending one's is the number that it is going to have, and stands in its
//! description, which is written together with its value and never changes: `/NAME` has reached that number, so it has been
//! promoted.
//! <https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html>

mod both;
mod parameter;

use std::fmt;

use serde_json::{Value, json};

use super::AwsOptions;
use super::client::Client;
use super::failure::Effect;
use super::retry::{ATTEMPTS, LOOKS, blink, pause};
use crate::secrets::{Entry, ExposeSecret as _, Held, SecretString, Stage, StoreError};
use both::{Both, description, path, pending};
use parameter::{Metadata, Put, Stored};

/// Of the description of two parameters: pages may be empty, but not without end.
const PAGES: u32 = 500;

/// The service in one region.
pub struct Ssm {
    client: Client,
    options: AwsOptions,
}

impl Ssm {
    pub(super) fn new(client: Client, options: AwsOptions) -> Self {
        Self { client, options }
    }

    /// With no other rights than DescribeParameters and ListTagsForResource.
    pub(in crate::secrets) async fn describe(&self, name: &str) -> Result<Option<Held>, StoreError> {
        let both = self.look(name).await?;
        let Some(mut held) = both.held(name) else { return Ok(None) };
        for metadata in [both.current, both.pending].into_iter().flatten() {
            if held.foreign.is_none() {
                held.foreign = self.foreign(&metadata).await?;
            }
        }
        Ok(Some(held))
    }

    pub(in crate::secrets) async fn read(&self, name: &str, stage: Stage) -> Result<Entry, StoreError> {
        let (current, pending) = (path(name), pending(name));
        let stored = match stage {
            Stage::Pending => self.get(&pending).await?,
            Stage::Current => match self.get(&current).await? {
                // a dead `create` had come as far as the mark
                None => self.get(&pending).await?,
                stored => stored,
            },
            Stage::Previous => match self.get(&current).await? {
                Some(stored) if stored.version > 1 => self.get(&format!("{current}:{}", stored.version - 1)).await?,
                _ => None,
            },
        };
        let stored = stored.ok_or_else(|| StoreError::NoVersion { name: name.to_owned(), stage })?;
        entry(name, &stored.value)
    }

    pub(in crate::secrets) async fn create(&self, name: &str, entry: &Entry) -> Result<(), StoreError> {
        if self.get(&path(name)).await?.is_some() {
            return Err(StoreError::Changed { name: name.to_owned() });
        }
        let key = self.options.kms_key.as_deref();
        let mark = Put { path: &pending(name), entry, description: Some(description(name, 1)), key };
        self.put_new(name, &mark).await?;
        self.put_new(name, &Put { path: &path(name), entry, description: None, key }).await?;
        self.until(name, Some(1), Some(1)).await
    }

    pub(in crate::secrets) async fn write_pending(&self, name: &str, entry: &Entry) -> Result<(), StoreError> {
        let both = self.look(name).await?;
        let Some(current) = both.current else {
            return Err(StoreError::NoVersion { name: name.to_owned(), stage: Stage::Current });
        };
        let next = current.version + 1;
        self.mark(name, entry, next, &current).await?;
        self.until(name, Some(current.version), Some(next)).await
    }

    pub(in crate::secrets) async fn doubt(&self, name: &str, held: &Held) -> Result<(), StoreError> {
        let both = self.unchanged(name, held).await?;
        let changed = || StoreError::Changed { name: name.to_owned() };
        let current = both.current.filter(|_| both.pending.is_none()).ok_or_else(changed)?;
        let stored = self.get(&path(name)).await?.filter(|stored| stored.version == current.version);
        let entry = entry(name, &stored.ok_or_else(changed)?.value)?;
        self.mark(name, &entry, current.version, &current).await?;
        self.until(name, Some(current.version), Some(current.version)).await
    }

    pub(in crate::secrets) async fn promote(&self, name: &str, held: &Held) -> Result<(), StoreError> {
        let both = self.unchanged(name, held).await?;
        let none = |stage| StoreError::NoVersion { name: name.to_owned(), stage };
        let next = held.pending.as_deref().ok_or_else(|| none(Stage::Pending))?;
        if held.current.as_deref() == Some(next) {
            return Ok(());
        }
        let current = both.current.ok_or_else(|| none(Stage::Current))?;
        let stored = self.get(&pending(name)).await?.ok_or_else(|| none(Stage::Pending))?;
        self.overwrite(name, &current, &stored).await?;
        self.until(name, Some(current.version + 1), Some(current.version + 1)).await
    }

    pub(in crate::secrets) async fn settle(&self, name: &str, held: &Held) -> Result<(), StoreError> {
        let both = self.unchanged(name, held).await?;
        let Some(mark) = both.pending else { return Ok(()) };
        let stored = self.get(&pending(name)).await?;
        match (both.current, stored) {
            (None, Some(stored)) => {
                let (path, entry) = (path(name), entry(name, &stored.value)?);
                let key = mark.key.as_deref();
                self.put_new(name, &Put { path: &path, entry: &entry, description: None, key }).await?;
            }
            (Some(current), Some(stored)) if held.current == held.pending => {
                let now = self.get(&path(name)).await?;
                // the number was reached by somebody else's hand
                if now.is_some_and(|now| now.value.expose_secret() != stored.value.expose_secret()) {
                    let name = name.to_owned();
                    return Err(StoreError::Refused {
                        action: "the settling",
                        name,
                        reason: overtaken(current.version),
                    });
                }
            }
            _ => {}
        }
        match self.client.call("DeleteParameter", &json!({ "Name": pending(name) }), None).await {
            Err(failure) if failure.is("ParameterNotFound") => {}
            done => drop(done.map_err(|failure| failure.of("the removal", &pending(name)))?),
        }
        let current = held.current.as_deref().and_then(|number| number.parse().ok());
        self.until(name, current, None).await
    }

    /// `/NAME.pending`, which must not be there.
    async fn mark(&self, name: &str, entry: &Entry, becomes: u64, current: &Metadata) -> Result<(), StoreError> {
        let description = Some(description(name, becomes));
        // without a key of its own, the value would be encrypted by the account's, which more people may use
        let key = self.options.kms_key.as_deref().or(current.key.as_deref());
        self.put_new(name, &Put { path: &pending(name), entry, description, key }).await
    }

    /// A parameter that must not be there. A refusal may mean that an attempt whose answer was lost has made it.
    async fn put_new(&self, name: &str, put: &Put<'_>) -> Result<(), StoreError> {
        match self.client.call("PutParameter", &put.new_one(&self.options), Some(put.entry)).await {
            Err(failure) if failure.is("ParameterAlreadyExists") => {
                let there = self.get(put.path).await?;
                let ours = there.is_some_and(|there| there.value.expose_secret() == put.entry.url().expose_secret());
                if ours { Ok(()) } else { Err(StoreError::Changed { name: name.to_owned() }) }
            }
            done => done.map(drop).map_err(|failure| failure.of("the writing", put.path)),
        }
    }

    /// The next version of `/NAME`. The service can't compare before it writes, so each attempt looks at what is there.
    async fn overwrite(&self, name: &str, current: &Metadata, stored: &Stored) -> Result<(), StoreError> {
        let (path, entry) = (path(name), entry(name, &stored.value)?);
        let key = self.options.kms_key.as_deref().or(current.key.as_deref());
        let put = Put { path: &path, entry: &entry, description: None, key };
        let changed = || StoreError::Changed { name: name.to_owned() };
        for attempt in 0..ATTEMPTS {
            let now = self.get(&path).await?.ok_or_else(changed)?;
            if now.version == current.version + 1 && now.value.expose_secret() == stored.value.expose_secret() {
                return Ok(());
            }
            if now.version != current.version {
                return Err(changed());
            }
            match self.client.call_once("PutParameter", &put.another(), Some(&entry)).await {
                Ok(_) => return Ok(()),
                Err(failure) if failure.effect == Effect::Refused || attempt + 1 == ATTEMPTS => {
                    return Err(failure.of("the writing", &path));
                }
                Err(_) => pause(attempt).await,
            }
        }
        Err(changed())
    }

    async fn get(&self, path: &str) -> Result<Option<Stored>, StoreError> {
        match self.client.call("GetParameter", &json!({ "Name": path, "WithDecryption": true }), None).await {
            Err(failure) if failure.is("ParameterNotFound") || failure.is("ParameterVersionNotFound") => Ok(None),
            done => Ok(Some(Stored::read(&done.map_err(|failure| failure.of("the reading", path))?))),
        }
    }

    async fn look(&self, name: &str) -> Result<Both, StoreError> {
        let (current, pending) = (path(name), pending(name));
        let filter = json!({ "Key": "Name", "Option": "Equals", "Values": [current, pending] });
        let mut body = json!({ "ParameterFilters": [filter] });
        let mut all = Vec::new();
        for _ in 0..PAGES {
            let answer = self.client.call("DescribeParameters", &body, None).await;
            let answer = answer.map_err(|failure| failure.of("the description", &current))?;
            let page = answer.get("Parameters").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let ours = |metadata: &Metadata| metadata.name == current || metadata.name == pending;
            all.extend(page.iter().filter_map(Metadata::read).filter(ours).take(2));
            // a page may be empty, and not be the last
            match answer.get("NextToken") {
                Some(Value::String(token)) if !token.is_empty() => body["NextToken"] = token.as_str().into(),
                _ => {
                    let mut take = |path: &str| {
                        all.iter().position(|metadata: &Metadata| metadata.name == path).map(|at| all.swap_remove(at))
                    };
                    return Ok(Both { current: take(&current), pending: take(&pending) });
                }
            }
        }
        Err(StoreError::Unreachable(format!("it describes two parameters on more than {PAGES} pages")))
    }

    async fn foreign(&self, metadata: &Metadata) -> Result<Option<String>, StoreError> {
        if !metadata.is_secure {
            return Ok(Some("it isn't a SecureString: its value stands there in the clear".to_owned()));
        }
        let body = json!({ "ResourceType": "Parameter", "ResourceId": metadata.name });
        let answer = self.client.call("ListTagsForResource", &body, None).await;
        let answer = answer.map_err(|failure| failure.of("the description", &metadata.name))?;
        Ok(super::not_ours(answer.get("TagList")))
    }

    async fn unchanged(&self, name: &str, held: &Held) -> Result<Both, StoreError> {
        let wanted = (held.current.as_deref(), held.pending.as_deref());
        self.shows(name, 3, |both| both.shown() == (wanted.0.map(str::to_owned), wanted.1.map(str::to_owned))).await
    }

    /// Waits until everybody sees what we have written.
    async fn until(&self, name: &str, current: Option<u64>, pending: Option<u64>) -> Result<(), StoreError> {
        let is = |found: Option<&Metadata>| found.map(|current| current.version) == current;
        let marked = |found: Option<&Metadata>| found.and_then(|pending| pending.becomes) == pending;
        let whole = |both: &Both| is(both.current.as_ref()) && marked(both.pending.as_ref());
        self.shows(name, LOOKS, whole).await.map(drop)
    }

    /// A look may show what was a moment ago, so another is taken before it is believed.
    async fn shows(&self, name: &str, looks: u32, wanted: impl Fn(&Both) -> bool) -> Result<Both, StoreError> {
        for look in 0..looks {
            if look > 0 {
                blink(look - 1).await;
            }
            let both = self.look(name).await?;
            if wanted(&both) {
                return Ok(both);
            }
        }
        Err(StoreError::Changed { name: name.to_owned() })
    }
}

fn overtaken(version: u64) -> String {
    format!(
        "version {version} isn't what was pending: somebody else has written it. Delete the one that isn't meant, \
         `.pending` or this version"
    )
}

fn entry(name: &str, value: &SecretString) -> Result<Entry, StoreError> {
    Entry::from_url(value, "postgres").map_err(|source| StoreError::Entry { name: name.to_owned(), source })
}

impl fmt::Debug for Ssm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ssm").field("client", &self.client).field("options", &self.options).finish()
    }
}

impl fmt::Display for Ssm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AWS Systems Manager Parameter Store in {}", self.client.region())
    }
}
