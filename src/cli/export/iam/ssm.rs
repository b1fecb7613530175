//! Policies for entries in SSM's Parameter Store.
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html>

use super::policy::Statement;
use super::{Entries, kms};
use crate::layout::MANAGED_BY;

fn arns(entries: &Entries<'_>, suffixes: &[&str]) -> Vec<String> {
    let of_name = |name: &String| {
        suffixes.iter().map(|suffix| entries.place.parameter(&format!("{name}{suffix}"))).collect::<Vec<_>>()
    };
    entries.names.iter().flat_map(of_name).collect()
}

fn key(entries: &Entries<'_>, actions: &[&str], suffixes: &[&str]) -> Option<Statement> {
    kms::statement(entries, actions, ("ssm", "PARAMETER_ARN", arns(entries, suffixes)))
}

pub(super) fn execution(entries: &Entries<'_>) -> Vec<Statement> {
    let read = Statement::new("ReadTheEntries", &["ssm:GetParameters"], arns(entries, &[""]));
    [read].into_iter().chain(key(entries, &["kms:Decrypt"], &[""])).collect()
}

/// What is pending is a parameter of its own.
const ALL: &[&str] = &["", ".pending"];

/// What isn't there has no tags: where it must be answered that it isn't, no condition may be on them, or the answer is a
/// refusal.
pub(super) fn provisioner(entries: &Entries<'_>) -> Vec<Statement> {
    let make = Statement::new("MakeEntries", &["ssm:PutParameter", "ssm:AddTagsToResource"], arns(entries, ALL));
    let change = Statement::new("ChangeOurEntries", &["ssm:PutParameter"], arns(entries, ALL));
    let mut statements = vec![
        make.when("StringEquals", format!("aws:RequestTag/{MANAGED_BY}"), "pgmoat"),
        change.when("StringEquals", format!("aws:ResourceTag/{MANAGED_BY}"), "pgmoat"),
        Statement::new("ReadTheEntries", &["ssm:GetParameter"], arns(entries, ALL)),
        Statement::new("RemovePendingOnes", &["ssm:DeleteParameter"], arns(entries, &[".pending"])),
    ];
    statements.extend(inspector(entries));
    statements.extend(key(entries, &["kms:Decrypt", "kms:Encrypt"], ALL));
    statements
}

/// AWS lets nobody ask for the descriptions of some parameters and not of others. GetParameter would tell no more, but the
/// value with it, even if nobody asks for it: AWS's own key decrypts for everybody in the account.
pub(super) fn inspector(entries: &Entries<'_>) -> Vec<Statement> {
    vec![
        Statement::new("DescribeParameters", &["ssm:DescribeParameters"], vec!["*".to_owned()]),
        Statement::new("DescribeEntries", &["ssm:ListTagsForResource"], arns(entries, ALL)),
    ]
}
