//! The exported policies, enforced: everything that `apply`, `rotate`, `secrets status` and `secrets repair` ask of a store must be
//! allowed by `iam provisioner`, with nothing to spare but what no run needed, and `iam inspector` lets nobody read a value. IAM's
//! evaluation is played here by its rules; keys (KMS) aren't, since the double encrypts nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use pgmoat::throwaway::Options;
use serde_json::Value;

use crate::aws::{Call, Refusal, Server, Turn, When};
use crate::cluster::Cluster;
use crate::run::{Output, Run};

type Tags = BTreeMap<String, String>;

/// What the policy allowed, by action, and what it didn't.
#[derive(Default)]
struct Seen {
    /// By resource.
    tags: BTreeMap<String, Tags>,
    used: BTreeSet<String>,
    refused: Vec<String>,
}

/// An action, a resource, and the tags of the request.
struct Asked {
    actions: Vec<String>,
    resource: String,
    given: Tags,
}

fn asked(call: &Call) -> Asked {
    let (service, operation) = call.target.split_once('.').expect("service.Operation");
    let text = |key: &str| call.body.get(key).and_then(Value::as_str);
    let name = text("SecretId").or(text("Name")).or(text("ResourceId"));
    let (service, resource) = match (service, name) {
        ("secretsmanager", Some(name)) => {
            ("secretsmanager", format!("arn:aws:secretsmanager:eu-west-1:123456789012:secret:{name}-Ab3dEf"))
        }
        (_, Some(name)) => {
            // a version of a parameter isn't a resource of its own
            let name = name.split(':').next().expect("a name");
            ("ssm", format!("arn:aws:ssm:eu-west-1:123456789012:parameter{name}"))
        }
        (_, None) => ("ssm", "*".to_owned()),
    };
    let tags = call.body.get("Tags").and_then(Value::as_array).into_iter().flatten();
    let pair = |tag: &Value| Some((tag["Key"].as_str()?.to_owned(), tag["Value"].as_str()?.to_owned()));
    let given: Tags = tags.filter_map(pair).collect();
    let mut actions = vec![format!("{service}:{operation}")];
    if !given.is_empty() {
        let tagging = if service == "ssm" { "AddTagsToResource" } else { "TagResource" };
        actions.push(format!("{service}:{tagging}"));
    }
    Asked { actions, resource, given }
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>, as far as Allow goes.
fn allows(policy: &Value, action: &str, asked: &Asked, held: &Tags) -> bool {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    policy["Statement"].as_array().expect("a list").iter().any(|statement| {
        let actions = list(&statement["Action"]);
        let resources = list(&statement["Resource"]);
        actions.iter().any(|one| one == action)
            && resources
                .iter()
                .any(|one| matches(one.as_str().expect("a string").as_bytes(), asked.resource.as_bytes()))
            && holds(&statement["Condition"], asked, held)
    })
}

/// What isn't there is equal to nothing.
fn holds(condition: &Value, asked: &Asked, held: &Tags) -> bool {
    let Some(condition) = condition.as_object() else { return true };
    condition.iter().all(|(operator, tests)| {
        assert_eq!(operator, "StringEquals");
        tests.as_object().expect("an object").iter().all(|(key, wanted)| {
            let found = match key.split_once('/').expect("a tag") {
                ("aws:RequestTag", tag) => asked.given.get(tag),
                ("aws:ResourceTag", tag) => held.get(tag),
                _ => panic!("{key}"),
            };
            found.is_some_and(|found| found == wanted)
        })
    })
}

fn matches(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => (0..=text.len()).any(|skipped| matches(rest, &text[skipped..])),
        ([b'?', rest @ ..], [_, after @ ..]) => matches(rest, after),
        ([one, rest @ ..], [other, after @ ..]) => one == other && matches(rest, after),
        _ => false,
    }
}

/// From now on the server heeds this policy alone.
fn enforce(server: &Server, policy: Value, seen: &Arc<Mutex<Seen>>) {
    let seen = Arc::clone(seen);
    server.world().hook = Box::new(move |when, call, _| {
        let asked = asked(call);
        let mut seen = seen.lock().expect("whole");
        let held = seen.tags.get(&asked.resource).cloned().unwrap_or_default();
        match when {
            When::Before => {
                for action in &asked.actions {
                    if !allows(&policy, action, &asked, &held) {
                        seen.refused.push(format!("{action} on {}", asked.resource));
                        let why = "is not authorized to perform this".to_owned();
                        return Turn::Refuse(Refusal(400, "AccessDeniedException", why));
                    }
                    seen.used.insert(action.clone());
                }
            }
            When::After if !asked.given.is_empty() => drop(seen.tags.insert(asked.resource, asked.given)),
            When::After if call.target.ends_with("DeleteParameter") => drop(seen.tags.remove(&asked.resource)),
            When::After => {}
        }
        Turn::Go
    });
}

struct House {
    cluster: Cluster,
    server: Server,
    seen: Arc<Mutex<Seen>>,
}

impl House {
    fn build(store: &str) -> House {
        let cluster = Cluster::with(&Options::default());
        cluster.layout(&format!(
            "[service.orders.login]\napp = \"dml\"\n[service.orders.login.worker]\nrole = \"dml\"\nrotation = \"alternating\"\n\
             [secrets]\nstore = \"{store}\"\nhost = \"{}\"\nregion = \"eu-west-1\"\n",
            cluster.server.socket_dir().display()
        ));
        House { cluster, server: Server::start(), seen: Arc::default() }
    }

    fn run(&self, args: &str) -> Output {
        let run: Run = self.cluster.pgmoat(args);
        self.server.environment().iter().fold(run, |run, (name, value)| run.env(name, value)).end()
    }

    /// From now on, with nothing used or refused yet.
    fn act_as(&self, who: &str) -> Value {
        let policy = self.run(&format!("export iam {who} --account 123456789012")).code(0).out;
        let policy: Value = serde_json::from_str(&policy).expect("JSON");
        enforce(&self.server, policy.clone(), &self.seen);
        let mut seen = self.seen.lock().expect("whole");
        (seen.used, seen.refused) = (BTreeSet::new(), Vec::new());
        policy
    }

    fn used(&self) -> BTreeSet<String> {
        self.seen.lock().expect("whole").used.clone()
    }

    fn refused(&self) -> Vec<String> {
        self.seen.lock().expect("whole").refused.clone()
    }
}

fn actions(policy: &Value) -> BTreeSet<String> {
    let lists = policy["Statement"].as_array().expect("a list").iter().map(|statement| &statement["Action"]);
    lists
        .flat_map(|list| list.as_array().expect("a list"))
        .map(|one| one.as_str().expect("a string").to_owned())
        .collect()
}

fn a_life_under(store: &str, reads: &str, describes: &[&str]) {
    let house = House::build(store);
    let provisioner = house.act_as("provisioner");
    let _ = house.run("apply --yes").code(0);
    let _ = house.run("secrets status").code(0);
    let _ = house.run("rotate orders --yes --min-age 0s").code(0);
    let _ = house.run("secrets repair").code(0);
    let _ = house.run("secrets status").code(0);
    assert_eq!(house.refused(), Vec::<String>::new());
    assert_eq!(house.used(), actions(&provisioner), "what is allowed, and was needed");

    house.act_as("inspector");
    let _ = house.run("plan").code(0);
    let _ = house.run("drift").code(0);
    assert!(house.used().is_empty() && house.refused().is_empty(), "plan and drift ask nothing of the store");
    let _ = house.run("export ecs").code(0).err("");
    assert!(house.refused().is_empty());
    let output = house.run("secrets status").code(3);
    assert!(output.out.contains("AccessDenied") || output.err.contains("AccessDenied"), "{output}");
    assert_eq!(house.used(), describes.iter().map(|action| (*action).to_owned()).collect());
    assert!(house.refused().iter().all(|refused| refused.starts_with(reads)), "{:?}", house.refused());
}

#[test]
fn secrets_manager() {
    a_life_under("aws-secretsmanager", "secretsmanager:GetSecretValue", &["secretsmanager:DescribeSecret"]);
}

#[test]
fn parameter_store() {
    a_life_under("aws-ssm", "ssm:GetParameter", &["ssm:DescribeParameters", "ssm:ListTagsForResource"]);
}

/// An entry of ours that somebody else made, so that it lacks our tag: nothing is read of it, and nothing written.
#[test]
fn a_strangers_secret_is_out_of_reach() {
    let house = House::build("aws-secretsmanager");
    let policy = house.act_as("provisioner");
    let resource = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders/app-Ab3dEf".to_owned();
    let asked = Asked { actions: vec![], resource, given: Tags::new() };
    let ours = Tags::from([("managed-by".to_owned(), "pgmoat".to_owned())]);
    for action in ["GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage"] {
        let action = format!("secretsmanager:{action}");
        assert!(allows(&policy, &action, &asked, &ours) && !allows(&policy, &action, &asked, &Tags::new()), "{action}");
    }
    for action in ["DeleteSecret", "PutResourcePolicy", "UpdateSecret", "RotateSecret", "TagResource", "ListSecrets"] {
        assert!(!allows(&policy, &format!("secretsmanager:{action}"), &asked, &ours), "{action}");
    }
}

#[test]
fn a_services_role_reads_its_own_entries_alone() {
    let house = House::build("aws-secretsmanager");
    house.cluster.layout(
        "[service.orders.login]\napp = \"dml\"\n[service.\"orders-admin\".login]\napp = \"dml\"\n\
         [secrets]\nstore = \"aws-secretsmanager\"\nname = \"db/{service}\"\nregion = \"eu-west-1\"\n",
    );
    let policy = house.act_as("execution orders");
    let may = |action: &str, name: &str| {
        let resource = format!("arn:aws:secretsmanager:eu-west-1:123456789012:secret:{name}");
        let asked = Asked { actions: vec![], resource, given: Tags::new() };
        allows(&policy, action, &asked, &Tags::new())
    };
    assert!(may("secretsmanager:GetSecretValue", "db/orders-Ab3dEf"));
    assert!(!may("secretsmanager:GetSecretValue", "db/orders-admin-Ab3dEf"));
    assert!(!may("secretsmanager:PutSecretValue", "db/orders-Ab3dEf"));
    assert_eq!(actions(&policy), BTreeSet::from(["secretsmanager:GetSecretValue".to_owned()]));
}
