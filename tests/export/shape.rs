//! The grammar of what is for AWS and Terraform, by hand from their references: whoever reads these documents refuses what
//! isn't so.

use std::collections::BTreeSet;

use serde_json::Value;

/// Of an export that succeeded.
pub(crate) fn check(command: &str, text: &str) {
    let json = || serde_json::from_str(text).unwrap_or_else(|error| panic!("{command}: {error}\n{text}"));
    match command.split_whitespace().next() {
        Some("iam") => policy(&json()),
        Some("ecs") => task_definitions(&json()),
        Some("terraform") => terraform(text),
        _ => {}
    }
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

fn strings(value: &Value) -> Vec<&str> {
    let list = value.as_array().expect("a list");
    assert!(!list.is_empty(), "an empty list");
    list.iter().map(|one| one.as_str().expect("a string")).collect()
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>
pub(crate) fn policy(policy: &Value) {
    assert_eq!(keys(policy), BTreeSet::from(["Version", "Statement"]));
    assert_eq!(policy["Version"], "2012-10-17");
    let statements = policy["Statement"].as_array().expect("a list");
    assert!(!statements.is_empty(), "a policy without a statement");
    let mut sids = BTreeSet::new();
    for statement in statements {
        let allowed = BTreeSet::from(["Sid", "Effect", "Action", "Resource", "Condition"]);
        assert!(keys(statement).is_subset(&allowed), "{statement:#}");
        let sid = statement["Sid"].as_str().expect("a string");
        assert!(!sid.is_empty() && sid.chars().all(|c| c.is_ascii_alphanumeric()) && sids.insert(sid), "{sid}");
        assert_eq!(statement["Effect"], "Allow");
        let actions = strings(&statement["Action"]);
        for action in &actions {
            let (service, name) = action.split_once(':').expect("service:Action");
            assert!(["secretsmanager", "ssm", "kms", "rds-db"].contains(&service), "{action}");
            assert!(name.chars().all(|c| c.is_ascii_alphabetic()), "{action}");
        }
        for resource in strings(&statement["Resource"]) {
            self::resource(&actions, resource, statement);
        }
        if let Some(condition) = statement.get("Condition") {
            self::condition(condition);
        }
    }
}

/// A resource is one thing, but for what can't be said otherwise; and of the service that the actions are of.
fn resource(actions: &[&str], resource: &str, statement: &Value) {
    if actions == ["ssm:DescribeParameters"] {
        return assert_eq!(resource, "*");
    }
    let parts: Vec<&str> = resource.splitn(6, ':').collect();
    let [arn, partition, service, region, account, rest] = parts.as_slice() else { panic!("{resource} is no ARN") };
    assert!(*arn == "arn" && partition.starts_with("aws"), "{resource}");
    assert!(
        !region.is_empty() && account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit()),
        "{resource}"
    );
    assert!(actions.iter().all(|action| action.split(':').next() == Some(service)), "{actions:?} on {resource}");
    let literal = rest.replace("${*}", "").replace("${?}", "").replace("${$}", "");
    assert!(!literal.contains('$'), "a variable: {resource}");
    match *service {
        "secretsmanager" => {
            let name = literal.strip_prefix("secret:").and_then(|rest| rest.strip_suffix("-??????"));
            assert!(name.is_some_and(|name| !name.is_empty() && !name.contains(['*', '?'])), "{resource}");
        }
        "kms" if literal == "key/*" => {
            let alias = &statement["Condition"]["ForAnyValue:StringEquals"]["kms:ResourceAliases"];
            assert!(alias.as_str().is_some_and(|alias| alias.starts_with("alias/")), "any key at all: {statement:#}");
        }
        _ => assert!(!literal.contains(['*', '?']), "{resource}"),
    }
    if *service == "kms" {
        assert!(statement["Condition"]["StringEquals"]["kms:ViaService"].is_string(), "{statement:#}");
        let contexts = keys(&statement["Condition"]["StringLike"]);
        assert!(
            contexts.iter().all(|key| key.starts_with("kms:EncryptionContext:")) && contexts.len() == 1,
            "{statement:#}"
        );
    }
}

fn condition(condition: &Value) {
    assert!(!keys(condition).is_empty());
    for (operator, tests) in condition.as_object().expect("an object") {
        assert!(["StringEquals", "StringLike", "ForAnyValue:StringEquals"].contains(&operator.as_str()), "{operator}");
        for (key, value) in tests.as_object().expect("an object") {
            assert!(key.starts_with("aws:") || key.starts_with("kms:"), "{key}");
            if !value.is_string() {
                strings(value);
            }
        }
    }
}

/// `Secret` of a container definition: <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html>
pub(crate) fn task_definitions(services: &Value) {
    for (service, secrets) in services.as_object().expect("an object") {
        let mut names = BTreeSet::new();
        for secret in secrets.as_array().expect("a list") {
            assert_eq!(keys(secret), BTreeSet::from(["name", "valueFrom"]));
            let name = secret["name"].as_str().expect("a string");
            let legal = name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
            assert!(legal && !name.starts_with(|c: char| c.is_ascii_digit()), "{name}");
            assert!(names.insert(name), "{service} has two variables {name}");
            let from = secret["valueFrom"].as_str().expect("a string");
            let colons = from.matches(':').count();
            assert!(from.starts_with("arn:aws") && [5, 6, 9].contains(&colons), "{from}");
        }
    }
}

/// Blocks of `data` and `output`, by unique names, and no value of an entry.
fn terraform(text: &str) {
    let mut names = BTreeSet::new();
    for line in text.lines().filter(|line| line.ends_with('{')) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (labels, name) = match words.as_slice() {
            ["data", kind, name, "{"] => (*kind, *name),
            ["output", name, "{"] => ("output", *name),
            _ => panic!("{line}"),
        };
        let bare = name.trim_matches('"');
        let legal = bare.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        assert!(legal && !bare.starts_with(|c: char| c.is_ascii_digit() || c == '-'), "{line}");
        assert!(names.insert((labels, bare)), "two of {line}");
    }
    let values = [".value", "secret_string", "aws_secretsmanager_secret_version", "with_decryption = true"];
    assert!(!values.iter().any(|value| text.contains(value)), "{text}");
    let parameters = text.matches("data \"aws_ssm_parameter\"").count();
    assert_eq!(parameters, text.matches("with_decryption = false").count(), "{text}");
}

mod can_fail {
    use std::panic::catch_unwind;

    use serde_json::json;

    fn refused(name: &str, resource: &str, condition: &serde_json::Value) -> bool {
        let policy = json!({ "Version": "2012-10-17", "Statement": [{
            "Sid": "A", "Effect": "Allow", "Action": [name], "Resource": [resource], "Condition": condition,
        }]});
        catch_unwind(|| super::policy(&policy)).is_err()
    }

    #[test]
    fn a_policy_that_reaches_too_far() {
        let tag = json!({ "StringEquals": { "aws:ResourceTag/managed-by": "pgmoat" } });
        let secret = |rest: &str| format!("arn:aws:secretsmanager:eu-central-1:111122223333:secret:{rest}");
        assert!(!refused("secretsmanager:GetSecretValue", &secret("a-??????"), &tag));
        for rest in ["a-*", "a/*-??????", "a", "*", "${aws:username}-??????"] {
            assert!(refused("secretsmanager:GetSecretValue", &secret(rest), &tag), "{rest}");
        }
        assert!(refused("kms:Decrypt", "arn:aws:kms:eu-central-1:111122223333:key/*", &tag));
        assert!(refused("s3:GetObject", &secret("a-??????"), &tag));
        assert!(refused("rds-db:connect", "arn:aws:rds-db:eu-central-1:111122223333:dbuser:db-A/*", &tag));
    }
}
