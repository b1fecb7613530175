//! A policy as data.

use serde_json::{Map, Value, json};

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>
#[derive(Debug)]
pub(super) struct Policy(pub(super) Vec<Statement>);

/// Something that is allowed.
#[derive(Debug)]
pub(super) struct Statement {
    sid: &'static str,
    actions: Vec<String>,
    resources: Vec<String>,
    /// By operator and key.
    conditions: Vec<(&'static str, String, Value)>,
}

impl Statement {
    pub(super) fn new(sid: &'static str, actions: &[&str], resources: Vec<String>) -> Self {
        let actions = actions.iter().map(|action| (*action).to_owned()).collect();
        Self { sid, actions, resources, conditions: Vec::new() }
    }

    /// Only where this holds, too.
    pub(super) fn when(mut self, operator: &'static str, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.conditions.push((operator, key.into(), value.into()));
        self
    }

    fn json(&self) -> Value {
        let mut value = json!({
            "Sid": self.sid,
            "Effect": "Allow",
            "Action": self.actions,
            "Resource": self.resources,
        });
        let mut operators = Map::new();
        for (operator, key, wanted) in &self.conditions {
            operators.entry((*operator).to_owned()).or_insert_with(|| json!({}))[key.as_str()] = wanted.clone();
        }
        if !operators.is_empty() {
            value["Condition"] = operators.into();
        }
        value
    }
}

/// A managed policy's limit, without white space; that of all inline policies of a role is 10240.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
const MANAGED: usize = 6144;

impl Policy {
    pub(super) fn document(&self) -> Value {
        // variables like ${*} mean something from this version on
        json!({ "Version": "2012-10-17", "Statement": self.0.iter().map(Statement::json).collect::<Vec<_>>() })
    }

    /// What is to be said of a policy that AWS won't take as it is.
    pub(super) fn too_long(&self) -> Option<String> {
        let length = self.document().to_string().len();
        (length > MANAGED).then(|| {
            format!(
                "the policy has {length} characters, and AWS takes {MANAGED} in a managed policy and 10240 in a role's own: \
                 one policy a service (export iam execution), or a layout a group of services, is shorter"
            )
        })
    }
}
