//! Secrets Manager: versions that never change, and labels that each sit on one.
//! <https://docs.aws.amazon.com/secretsmanager/latest/apireference/Welcome.html>

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Answer, Fields, Refusal, now, refusal};

/// All secrets, by their names.
#[derive(Clone, Default)]
pub(crate) struct Secrets(pub(crate) BTreeMap<String, Secret>);

#[derive(Clone, Default)]
pub(crate) struct Secret {
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) kms_key: Option<String>,
    pub(crate) versions: BTreeMap<String, Version>,
    /// Scheduled for deletion.
    pub(crate) deleted: bool,
    pub(crate) rotated: bool,
    pub(crate) owner: Option<String>,
    changed: f64,
}

#[derive(Clone, Default)]
pub(crate) struct Version {
    /// A rotation that has begun has a version without.
    pub(crate) value: Option<String>,
    pub(crate) labels: BTreeSet<String>,
}

impl Secrets {
    pub(super) fn perform(&mut self, operation: &str, body: &Value) -> Answer {
        match operation {
            "CreateSecret" => self.create(body),
            "DescribeSecret" => self.describe(body),
            "GetSecretValue" => self.get(body),
            "PutSecretValue" => self.put(body),
            "UpdateSecretVersionStage" => self.move_label(body),
            _ => refusal("UnknownOperationException", operation),
        }
    }

    fn create(&mut self, body: &Value) -> Answer {
        let known = ["Name", "Tags", "KmsKeyId", "ClientRequestToken", "SecretString", "Description"];
        let fields = Fields::of(body, &known)?;
        let name = fields.needed("Name")?;
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_+=.@-".contains(&byte)) {
            return refusal("ValidationException", format!("Invalid name: {name}"));
        }
        let value = fields.text("SecretString");
        match self.0.get(name) {
            Some(secret) if secret.deleted => {
                let why =
                    "You can't create this secret because a secret with this name is already scheduled for deletion.";
                return refusal("InvalidRequestException", why);
            }
            Some(_) => {
                let why = format!("The operation failed because the secret {name} already exists.");
                return refusal("ResourceExistsException", why);
            }
            None => {}
        }
        let mut secret =
            Secret { kms_key: fields.text("KmsKeyId").map(str::to_owned), changed: now(), ..Secret::default() };
        for tag in fields.list("Tags") {
            let tag = Fields::of(tag, &["Key", "Value"])?;
            secret.tags.insert(tag.needed("Key")?.to_owned(), tag.needed("Value")?.to_owned());
        }
        // who speaks to the service without AWS's own tools must give one
        let token = token(&fields)?;
        if let Some(value) = value {
            secret.put(token, value, BTreeSet::from(["AWSCURRENT".to_owned()]))?;
        }
        self.0.insert(name.to_owned(), secret);
        Ok(json!({ "ARN": arn(name), "Name": name }))
    }

    fn describe(&mut self, body: &Value) -> Answer {
        let fields = Fields::of(body, &["SecretId"])?;
        let (name, secret) = self.any(&fields)?;
        let labelled = secret.versions.iter().filter(|(_, version)| !version.labels.is_empty());
        let versions: BTreeMap<_, _> = labelled.map(|(id, version)| (id, &version.labels)).collect();
        let tags: Vec<Value> = secret.tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
        let mut answer = json!({ "ARN": arn(&name), "Name": name, "Tags": tags, "LastChangedDate": secret.changed });
        if !versions.is_empty() {
            answer["VersionIdsToStages"] = json!(versions);
        }
        if let Some(key) = &secret.kms_key {
            answer["KmsKeyId"] = json!(key);
        }
        if secret.deleted {
            answer["DeletedDate"] = json!(now());
        }
        if secret.rotated {
            answer["RotationEnabled"] = json!(true);
        }
        if let Some(owner) = &secret.owner {
            answer["OwningService"] = json!(owner);
        }
        Ok(answer)
    }

    fn get(&mut self, body: &Value) -> Answer {
        let fields = Fields::of(body, &["SecretId", "VersionStage", "VersionId"])?;
        let (name, secret) = self.usable(&fields)?;
        let label = fields.text("VersionStage");
        let id = fields.text("VersionId");
        let label = label.or(if id.is_none() { Some("AWSCURRENT") } else { None });
        let fits = |(own, version): &(&String, &Version)| {
            id.is_none_or(|id| id == *own) && label.is_none_or(|label| version.labels.contains(label))
        };
        let found = secret.versions.iter().find(fits).and_then(|(id, version)| Some((id, version.value.as_ref()?)));
        match found {
            Some((id, value)) => Ok(json!({ "ARN": arn(&name), "VersionId": id, "SecretString": value })),
            None => {
                let what = label.map_or("VersionId".into(), |label| format!("staging label: {label}"));
                let why = format!("Secrets Manager can't find the specified secret value for {what}");
                refusal("ResourceNotFoundException", why)
            }
        }
    }

    fn put(&mut self, body: &Value) -> Answer {
        let known = ["SecretId", "ClientRequestToken", "SecretString", "VersionStages"];
        let fields = Fields::of(body, &known)?;
        let (name, secret) = self.usable(&fields)?;
        let (token, value) = (token(&fields)?, fields.needed("SecretString")?);
        let labels: BTreeSet<String> =
            fields.list("VersionStages").iter().filter_map(Value::as_str).map(str::to_owned).collect();
        let labels = if labels.is_empty() { BTreeSet::from(["AWSCURRENT".to_owned()]) } else { labels };
        secret.put(token, value, labels)?;
        let labels = &secret.versions[token].labels;
        Ok(json!({ "ARN": arn(&name), "VersionId": token, "VersionStages": labels }))
    }

    fn move_label(&mut self, body: &Value) -> Answer {
        let known = ["SecretId", "VersionStage", "MoveToVersionId", "RemoveFromVersionId"];
        let fields = Fields::of(body, &known)?;
        let (name, secret) = self.usable(&fields)?;
        let label = fields.needed("VersionStage")?;
        let (to, from) = (fields.text("MoveToVersionId"), fields.text("RemoveFromVersionId"));
        for id in [to, from].into_iter().flatten() {
            if !secret.versions.contains_key(id) {
                return refusal("ResourceNotFoundException", format!("can't find the version {id}"));
            }
        }
        let holder = secret.holder(label);
        if to.is_none() && label == "AWSCURRENT" {
            let why = "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.";
            return refusal("InvalidParameterException", why);
        }
        if holder.as_deref() != from && (from.is_some() || (to.is_some() && holder.as_deref() != to)) {
            let on = holder.unwrap_or_else(|| "none".into());
            let why = format!(
                "The staging label {label} is currently attached to version {on}, so you must explicitly reference that version in RemoveFromVersionId."
            );
            return refusal("InvalidParameterException", why);
        }
        match to {
            Some(to) => secret.label(to, label),
            None => secret.unlabel(label),
        }
        secret.changed = now();
        Ok(json!({ "ARN": arn(&name), "Name": name }))
    }

    fn any(&mut self, fields: &Fields<'_>) -> Result<(String, &mut Secret), Refusal> {
        let id = fields.needed("SecretId")?;
        let found = self.0.iter_mut().find(|(name, _)| *name == id || arn(name) == id);
        let why = "Secrets Manager can't find the specified secret.";
        let found = found.map(|(name, secret)| (name.clone(), secret));
        found.ok_or_else(|| Refusal(400, "ResourceNotFoundException", why.to_owned()))
    }

    fn usable(&mut self, fields: &Fields<'_>) -> Result<(String, &mut Secret), Refusal> {
        let (name, secret) = self.any(fields)?;
        let why = "You can't perform this operation on the secret because it was marked for deletion.";
        match secret.deleted {
            true => Err(Refusal(400, "InvalidRequestException", why.to_owned())),
            false => Ok((name, secret)),
        }
    }
}

impl Secret {
    fn put(&mut self, token: &str, value: &str, mut labels: BTreeSet<String>) -> Result<(), Refusal> {
        if let Some(version) = self.versions.get(token) {
            let why = format!(
                "You can't use ClientRequestToken {token} because that value is already in use for a version of secret"
            );
            return match version.value.as_deref() == Some(value) {
                true => Ok(()),
                false => Err(Refusal(400, "ResourceExistsException", why)),
            };
        }
        if self.versions.is_empty() {
            labels.insert("AWSCURRENT".to_owned());
        }
        let version = Version { value: Some(value.to_owned()), labels: BTreeSet::new() };
        self.versions.insert(token.to_owned(), version);
        for label in labels {
            self.label(token, &label);
        }
        self.changed = now();
        Ok(())
    }

    pub(crate) fn holder(&self, label: &str) -> Option<String> {
        self.versions.iter().find(|(_, version)| version.labels.contains(label)).map(|(id, _)| id.clone())
    }

    fn unlabel(&mut self, label: &str) {
        for version in self.versions.values_mut() {
            version.labels.remove(label);
        }
    }

    /// AWSPREVIOUS follows AWSCURRENT.
    pub(crate) fn label(&mut self, to: &str, label: &str) {
        let before = self.holder(label).filter(|before| before != to);
        self.unlabel(label);
        self.versions.entry(to.to_owned()).or_default().labels.insert(label.to_owned());
        if let Some(before) = before.filter(|_| label == "AWSCURRENT") {
            self.label(&before, "AWSPREVIOUS");
        }
    }
}

fn token<'a>(fields: &Fields<'a>) -> Result<&'a str, Refusal> {
    let token = fields.text("ClientRequestToken").filter(|token| (32..=64).contains(&token.len()));
    token.ok_or_else(|| {
        Refusal(400, "InvalidParameterException", "ClientRequestToken must have 32 to 64 characters".into())
    })
}

fn arn(name: &str) -> String {
    format!("arn:aws:secretsmanager:{}:123456789012:secret:{name}-Ab3dEf", super::REGION)
}
