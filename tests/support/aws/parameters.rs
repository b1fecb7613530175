//! The Parameter Store: parameters of the type SecureString with numbered versions.
//! <https://docs.aws.amazon.com/systems-manager/latest/APIReference/Welcome.html>

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Answer, Fields, Refusal, now, refusal};

/// All parameters, by their names.
#[derive(Clone, Default)]
pub(crate) struct Parameters(pub(crate) BTreeMap<String, Parameter>);

#[derive(Clone, Default)]
pub(crate) struct Parameter {
    pub(crate) kind: String,
    pub(crate) key: Option<String>,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) description: Option<String>,
    /// The first is version 1.
    pub(crate) values: Vec<String>,
    modified: f64,
}

impl Parameters {
    pub(super) fn perform(&mut self, operation: &str, body: &Value) -> Answer {
        match operation {
            "PutParameter" => self.put(body),
            "GetParameter" => self.get(body),
            "DescribeParameters" => self.describe(body),
            "DeleteParameter" => self.delete(body),
            "ListTagsForResource" => self.tags(body),
            _ => refusal("UnknownOperationException", operation),
        }
    }

    fn put(&mut self, body: &Value) -> Answer {
        let known = ["Name", "Value", "Type", "KeyId", "Overwrite", "Description", "Tags"];
        let fields = Fields::of(body, &known)?;
        let (name, value) = (fields.needed("Name")?, fields.needed("Value")?);
        if !name.starts_with('/') && name.contains('/') {
            return refusal("ValidationException", "Parameter name must be a fully qualified name.");
        }
        if value.is_empty() || value.len() > 4096 || value.contains("{{") {
            // the real service repeats what it doesn't like
            let why = format!("1 validation error detected: Value '{value}' at 'value' failed to satisfy constraint");
            return refusal("ValidationException", why);
        }
        let overwrite = fields.is("Overwrite");
        if overwrite && !fields.list("Tags").is_empty() {
            let why = "Invalid request: tags and overwrite can't be used together.";
            return refusal("ValidationException", why);
        }
        if self.0.contains_key(name) && !overwrite {
            let why = "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.";
            return refusal("ParameterAlreadyExists", why);
        }
        let there = self.0.get(name).cloned();
        let Some(kind) = fields.text("Type").or(there.as_ref().map(|there| there.kind.as_str())) else {
            return refusal("ValidationException", "A parameter type is required when you create a parameter.");
        };
        let mut parameter = Parameter { kind: kind.to_owned(), modified: now(), ..there.clone().unwrap_or_default() };
        for tag in fields.list("Tags") {
            let tag = Fields::of(tag, &["Key", "Value"])?;
            parameter.tags.insert(tag.needed("Key")?.to_owned(), tag.needed("Value")?.to_owned());
        }
        parameter.key = Some(fields.text("KeyId").unwrap_or("alias/aws/ssm").to_owned());
        parameter.description = fields.text("Description").map(str::to_owned);
        parameter.values.push(value.to_owned());
        let version = parameter.values.len();
        self.0.insert(name.to_owned(), parameter);
        Ok(json!({ "Version": version, "Tier": "Standard" }))
    }

    fn get(&mut self, body: &Value) -> Answer {
        let fields = Fields::of(body, &["Name", "WithDecryption"])?;
        let asked = fields.needed("Name")?;
        let (name, version) = asked.rsplit_once(':').unwrap_or((asked, ""));
        let Some(parameter) = self.0.get(name) else { return refusal("ParameterNotFound", "") };
        let version = version.parse().unwrap_or(parameter.values.len());
        let Some(value) = version.checked_sub(1).and_then(|at| parameter.values.get(at)) else {
            return refusal("ParameterVersionNotFound", "");
        };
        let hidden = parameter.kind == "SecureString" && !fields.is("WithDecryption");
        let value = if hidden { "AQICAHg…" } else { value };
        Ok(json!({ "Parameter": { "Name": name, "Type": parameter.kind, "Value": value, "Version": version } }))
    }

    fn describe(&mut self, body: &Value) -> Answer {
        let fields = Fields::of(body, &["ParameterFilters", "NextToken"])?;
        // pages may be empty, and more may follow all the same
        if fields.text("NextToken").is_none() {
            return Ok(json!({ "Parameters": [], "NextToken": "more" }));
        }
        let mut names = Vec::new();
        for filter in fields.list("ParameterFilters") {
            let filter = Fields::of(filter, &["Key", "Option", "Values"])?;
            if (filter.text("Key"), filter.text("Option")) != (Some("Name"), Some("Equals")) {
                return refusal("InvalidFilterKey", "");
            }
            names.extend(filter.list("Values").iter().filter_map(Value::as_str));
        }
        let found = self.0.iter().filter(|(name, _)| names.contains(&name.as_str()));
        let shown: Vec<Value> = found.map(|(name, parameter)| parameter.metadata(name)).collect();
        Ok(json!({ "Parameters": shown }))
    }

    fn delete(&mut self, body: &Value) -> Answer {
        let fields = Fields::of(body, &["Name"])?;
        match self.0.remove(fields.needed("Name")?) {
            Some(_) => Ok(json!({})),
            None => refusal("ParameterNotFound", ""),
        }
    }

    fn tags(&mut self, body: &Value) -> Answer {
        let fields = Fields::of(body, &["ResourceType", "ResourceId"])?;
        let parameter =
            self.0.get(fields.needed("ResourceId")?).filter(|_| fields.text("ResourceType") == Some("Parameter"));
        let parameter = parameter.ok_or_else(|| Refusal(400, "InvalidResourceId", String::new()))?;
        let tags: Vec<Value> =
            parameter.tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
        Ok(json!({ "TagList": tags }))
    }
}

impl Parameter {
    fn metadata(&self, name: &str) -> Value {
        let mut answer = json!({
            "Name": name, "Type": self.kind, "Version": self.values.len(), "LastModifiedDate": self.modified,
            "ARN": format!("arn:aws:ssm:{}:123456789012:parameter{name}", super::REGION),
        });
        if let Some(key) = &self.key {
            answer["KeyId"] = json!(key);
        }
        if let Some(description) = &self.description {
            answer["Description"] = json!(description);
        }
        answer
    }
}
