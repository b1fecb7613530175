//! `pgmoat who is ROLE`

use std::fmt::Write;

use serde_json::json;

use super::{Context, Exit, Format, contents, json, read};
use crate::access::who::{Rights, acts_through, rights_of};
use crate::access::{Hop, Reach};
use crate::cli::error::CliError;
use crate::model::{Contents, Grantee, Name, Role, Snapshot};
use crate::proof::{Target, view::arrow};

/// Everything that a role can do: as whom it can act, where it connects, and what it has on what, with the paths
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A role's name as it stands in pg_roles, or PUBLIC
    role: String,
    /// Look inside this database alone, once for each; default: every one that accepts connections
    #[arg(long = "database", value_name = "NAME")]
    databases: Vec<String>,
    /// text · json
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = false)]
    format: Format,
}

/// What was found about one role.
struct Answer {
    who: Grantee,
    attributes: Option<Role>,
    /// Each role that it reaches, whether a session may be it, and how.
    roles: Vec<(Name, bool, Vec<Hop>)>,
    everything: Option<(Name, &'static str)>,
    rights: Vec<Rights>,
    code: Vec<(Name, Vec<Hop>)>,
}

pub(super) async fn run(context: &Context<'_>, args: &Args) -> Result<Exit, CliError> {
    let wanted = |name: &Name| args.databases.is_empty() || args.databases.iter().any(|one| one == name.as_str());
    let snapshot = read(context, wanted).await?;
    let absent = |name: &&String| !snapshot.contents.contains_key(&Name::of_server(name));
    if let Some(missing) = args.databases.iter().find(absent) {
        let name = Name::of_server(missing).shown();
        return Err(CliError::new(format!("this server has no database {name} that accepts connections")));
    }
    let role = Name::of_server(&args.role);
    let who = match snapshot.state.roles.contains_key(&role) {
        true => Grantee::Role(role),
        false if args.role == "PUBLIC" => Grantee::Public,
        false => return Err(CliError::new(format!("this server has no role {}", role.shown()))),
    };
    let answer = answer(&snapshot, who);
    context.printer.answer(&match args.format {
        Format::Text => text(&answer),
        Format::Json => json(&document(&answer)),
    })?;
    Ok(Exit::Done)
}

fn answer(snapshot: &Snapshot, who: Grantee) -> Answer {
    let reach = Reach::of(&snapshot.state, snapshot.server.version_num, std::slice::from_ref(&who));
    let (mut rights, mut code) = (Vec::new(), Vec::new());
    let nothing = Contents::default();
    for name in snapshot.state.databases.keys() {
        if let Some(inside) = reach.inside(name, contents(snapshot, name, &nothing)) {
            rights.extend(rights_of(&inside, 0));
            code.extend(acts_through(&inside, 0).into_iter().map(|path| (name.clone(), path)));
        }
    }
    let others = reach.roles_of(0).into_iter().filter(|role| Some(*role) != who.role());
    let roles = others.map(|role| (role.clone(), reach.becomes(0, role), reach.path_to(0, role))).collect();
    let everything = reach.everything(0).map(|(role, attribute)| (role.clone(), attribute));
    let attributes = who.role().and_then(|role| snapshot.state.roles.get(role)).copied();
    Answer { attributes, roles, everything, rights, code, who }
}

fn text(answer: &Answer) -> String {
    let who = answer.who.shown();
    let flags = answer.attributes.map(|role| role.flags());
    let flags: Vec<&str> = flags.iter().flatten().filter(|(_, on)| *on).map(|(word, _)| *word).collect();
    let mut text = match flags.is_empty() {
        true => format!("{who}\n"),
        false => format!("{who}: {}\n", flags.join(", ")),
    };
    if let Some((role, attribute)) = &answer.everything {
        let _ = writeln!(text, "  can do everything: {} has {attribute}", role.shown());
    }
    for (role, becomes, path) in &answer.roles {
        let how = if *becomes { "can act as" } else { "has the rights of" };
        let _ = writeln!(text, "  {how} {}: {}", role.shown(), arrow(&who, path, ""));
    }
    for rights in &answer.rights {
        let may = if rights.conditional { "may, as code lets it, " } else { "" };
        let on = on(rights);
        let _ = writeln!(text, "  {may}{} on {on}", rights.privileges.keywords());
        let _ = writeln!(text, "    {}", arrow(&who, &rights.path, "it"));
    }
    for (database, path) in &answer.code {
        let _ = writeln!(text, "  in {}, as far as code lets it: {}", database.shown(), arrow(&who, path, ""));
    }
    text
}

/// The objects, the first few by name.
fn on(rights: &Rights) -> String {
    let shown = |object: &crate::model::Object| Target::object(&rights.database, object).shown();
    match rights.objects.as_slice() {
        [] => format!("the database {}", rights.database.shown()),
        [object] => format!("the {} {}", object.kind.word(), shown(object)),
        [first, ..] => {
            let names: Vec<String> = rights.objects.iter().take(3).map(shown).collect();
            let more = if rights.objects.len() > 3 { ", …" } else { "" };
            format!("{} × {}: {}{more}", rights.objects.len(), first.kind.word(), names.join(", "))
        }
    }
}

fn document(answer: &Answer) -> serde_json::Value {
    let role =
        |(name, becomes, path): &(Name, bool, Vec<Hop>)| json!({ "role": name, "can_become": becomes, "path": path });
    let right = |rights: &Rights| {
        let objects = rights.objects.iter().map(|object| Target::object(&rights.database, object));
        let objects: Vec<Target> = match rights.objects.is_empty() {
            true => vec![Target::database(&rights.database)],
            false => objects.collect(),
        };
        json!({
            "objects": objects,
            "privileges": rights.privileges.each().map(|(_, keyword)| keyword).collect::<Vec<_>>(),
            "certainty": if rights.conditional { "conditional" } else { "certain" },
            "path": rights.path,
        })
    };
    json!({
        "format": 1,
        "kind": "who-is",
        "role": answer.who.role().map_or("PUBLIC", Name::as_str),
        "attributes": answer.attributes,
        "everything": answer.everything.as_ref().map(|(role, attribute)| json!({ "role": role, "attribute": attribute })),
        "roles": answer.roles.iter().map(role).collect::<Vec<_>>(),
        "rights": answer.rights.iter().map(right).collect::<Vec<_>>(),
        "code": answer.code.iter().map(|(database, path)| json!({ "database": database, "path": path })).collect::<Vec<_>>(),
    })
}
