//! One finding: what is so and shouldn't, and the path that shows it.

use std::fmt::Write;

use crate::access::{Hop, How, stations};
use crate::model::Privileges;
use crate::proof::{Certainty, Finding};

/// `second-writer: billing_app can INSERT into orders.orders.jobs`
#[must_use]
pub fn headline(finding: &Finding) -> String {
    format!("{}: {}", finding.code, sentence(finding))
}

/// The path of a finding, from the principal to the object.
#[must_use]
pub fn route(finding: &Finding) -> String {
    arrow(&finding.shown, &finding.path, &finding.object.shown())
}

/// What is so and shouldn't.
#[must_use]
pub fn sentence(finding: &Finding) -> String {
    let (who, object) = (&finding.shown, finding.object.shown());
    let may = match finding.certainty {
        Certainty::Certain => "can",
        Certainty::Conditional => "may",
    };
    let rights = finding.rights;
    match finding.code {
        "planted-default" => {
            let database = finding.object.database.as_ref().map(|name| format!(", in {}", name.shown()));
            let later = finding.object.shown_name();
            format!("{who} will have {} on later {later}{}", rights.keywords(), database.unwrap_or_default())
        }
        "changes-roles" if lets_in(&finding.path) => format!("{who} can let itself and others into {object}"),
        "foreign-code" | "trigger-function" | "event-trigger" if rights.is_empty() => {
            format!("{who} {may} run code in {object}")
        }
        "used-code" => {
            let author = finding.path.last().map_or_else(String::new, |hop| match hop {
                Hop::Calls { author, .. } => author.shown(),
                _ => String::new(),
            });
            format!("code of {author} runs as {who} by {} on {object}", rights.keywords())
        }
        "code-by-key" => format!("{who} may act as another role: a foreign key sets off code of {object}"),
        "definer-function" => format!("{who} may act as another role through {object}"),
        "unsafe-definer" => format!("{who} may put objects of its own in the place of those that {object} names"),
        "database-owner" | "schema-owner" | "foreign-owner" | "login-owns" => format!("{who} owns {object}"),
        "planted-setting" => format!("{object} is set, and the layout doesn't declare it"),
        "blocking-reference" => format!("a foreign key of {who} keeps rows of {object} from going"),
        "droppable-policy" => format!("{who} may take a restrictive policy off {object}"),
        "trigger-privilege" => format!("{who} may put a trigger on {object}"),
        "shadowing" => format!("{who} may create objects in {object}"),
        "code-on-path" => format!("{object} is code of {who}, and runs as whoever looks for that name"),
        "prepared-transaction" => {
            format!("what {who} did waits in the {object}, and may be committed by him or a superuser")
        }
        "lingering-session" => format!("{who} is still connected to {object}, and may not connect any more"),
        "group-login" => format!("{who} may log in"),
        "trigger-function" => format!("{who} may act as another role by {} on {object}", rights.keywords()),
        _ if !rights.is_empty() => format!("{who} {}", verb(may, rights, &object)),
        _ if finding.object.name != finding.principal => format!("{who} {may} act as {object}"),
        _ => finding.path.last().map_or_else(|| format!("{who}: {object}"), |hop| format!("{who} {}", hop.words())),
    }
}

fn lets_in(path: &[Hop]) -> bool {
    matches!(path.last(), Some(Hop::Member { how: How::Admin, .. }))
}

/// `can INSERT into orders.orders.jobs`
fn verb(may: &str, rights: Privileges, object: &str) -> String {
    let keywords = rights.keywords();
    let preposition = match keywords.as_str() {
        "INSERT" => " into",
        "SELECT" | "DELETE" => " from",
        "UPDATE" | "EXECUTE" | "TRUNCATE" => "",
        "CONNECT" => " to",
        _ if may == "may" => return format!("may use {keywords} on {object}"),
        _ => return format!("has {keywords} on {object}"),
    };
    format!("{may} {keywords}{preposition} {object}")
}

/// `billing_app —member of→ orders_dml —granted INSERT by orders_ddl→ orders.orders.jobs`
#[must_use]
pub fn arrow(who: &str, path: &[Hop], object: &str) -> String {
    let mut text = String::new();
    for station in stations(who, path) {
        let _ = write!(text, "{} —{}→ ", station.name, station.words);
    }
    let end = path.last().and_then(Hop::leads_to).unwrap_or_else(|| object.to_owned());
    text + if path.is_empty() { who } else { &end }
}
