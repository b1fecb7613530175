//! Policies for entries in Secrets Manager.
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html>

use super::policy::Statement;
use super::{Entries, kms};
use crate::layout::MANAGED_BY;

fn arns(entries: &Entries<'_>) -> Vec<String> {
    entries.names.iter().map(|name| entries.place.secret(name)).collect()
}

fn key(entries: &Entries<'_>, actions: &[&str]) -> Option<Statement> {
    kms::statement(entries, actions, ("secretsmanager", "SecretARN", arns(entries)))
}

/// No condition on the stage: ECS names none in `…:url::`, and would be refused.
pub(super) fn execution(entries: &Entries<'_>) -> Vec<Statement> {
    let read = Statement::new("ReadTheEntries", &["secretsmanager:GetSecretValue"], arns(entries));
    [read].into_iter().chain(key(entries, &["kms:Decrypt"])).collect()
}

/// What isn't there yet has no tags, so nothing that must be asked of a name before may depend on them.
pub(super) fn provisioner(entries: &Entries<'_>) -> Vec<Statement> {
    let make = ["secretsmanager:CreateSecret", "secretsmanager:TagResource"];
    let change =
        ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"];
    let make = Statement::new("MakeEntries", &make, arns(entries));
    let change = Statement::new("ReadAndChangeOurEntries", &change, arns(entries));
    let mut statements = vec![
        make.when("StringEquals", format!("aws:RequestTag/{MANAGED_BY}"), "pgmoat"),
        change.when("StringEquals", format!("aws:ResourceTag/{MANAGED_BY}"), "pgmoat"),
    ];
    statements.extend(inspector(entries));
    statements.extend(key(entries, &["kms:Decrypt", "kms:GenerateDataKey"]));
    statements
}

/// That an entry is there, and how old, without what it holds.
pub(super) fn inspector(entries: &Entries<'_>) -> Vec<Statement> {
    vec![Statement::new("DescribeEntries", &["secretsmanager:DescribeSecret"], arns(entries))]
}
