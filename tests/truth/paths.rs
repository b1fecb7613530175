//! The search_path: schemas that are named like roles or oddly, with owners and USAGE by chance, and settings of every sort. What a real session of
//! each login says of itself is what is computed.

use pgmoat::access::Access;
use pgmoat::model::Name;

use super::dice::Dice;
use super::objects::DATABASES;
use super::roles::{LOGINS, anybody};
use super::server::Server;
use super::world;

/// As SQL writes them, in the path and elsewhere.
const SCHEMAS: [&str; 9] =
    ["s1", "s2", "public", "l0", "g1", "\"Odd \"\"G\"\"\"", "\"My, Schema\"", "missing", "information_schema"];

/// What may stand in a path besides.
const OTHERS: [&str; 6] = ["\"$user\"", "\"$user\"", "pg_catalog", "pg_temp", "''", "\"$USER\""];

/// The differences, in words, and how many sessions were asked.
pub(crate) async fn compare(server: &Server, seed: u64) -> (String, usize) {
    let dice = &mut Dice::of(seed ^ 0x70_61_74_68);
    let mut done = Vec::new();
    for database in DATABASES {
        make(server, database, schemas(dice), &mut done).await;
    }
    make(server, "postgres", settings(dice), &mut done).await;
    let (wrong, asked) = differences(server).await;
    let client = server.superuser("postgres").await;
    client.batch_execute("ALTER ROLE ALL RESET ALL").await.expect("as it was");
    let script = if wrong.is_empty() { String::new() } else { format!("{}\n{}", done.join(";\n"), wrong.join("\n")) };
    (script, asked)
}

async fn make(server: &Server, database: &str, statements: Vec<String>, done: &mut Vec<String>) {
    let client = server.superuser(database).await;
    for statement in statements {
        if client.batch_execute(&statement).await.is_ok() {
            done.push(format!("/* {database} */ {statement}"));
        }
    }
}

fn schemas(dice: &mut Dice) -> Vec<String> {
    let mut all = Vec::new();
    for schema in &SCHEMAS[3..7] {
        if dice.once_in(3) {
            continue;
        }
        all.push(format!("CREATE SCHEMA {schema} AUTHORIZATION {}", anybody(dice)));
        for _ in 0..dice.below(3) {
            let to = if dice.once_in(3) { "PUBLIC" } else { anybody(dice) };
            all.push(format!("GRANT {} ON SCHEMA {schema} TO {to}", dice.one(&["USAGE", "CREATE", "ALL"])));
        }
        if dice.once_in(5) {
            all.push(format!("REVOKE ALL ON SCHEMA {schema} FROM {} CASCADE", anybody(dice)));
        }
    }
    all
}

fn settings(dice: &mut Dice) -> Vec<String> {
    let mut all = Vec::new();
    for login in LOGINS {
        for place in [String::new(), format!(" IN DATABASE {}", DATABASES[0]), format!(" IN DATABASE {}", DATABASES[1])]
        {
            if dice.once_in(2) {
                all.push(format!("ALTER ROLE {login}{place} SET search_path = {}", path(dice)));
            }
            if dice.once_in(3) {
                all.push(format!("ALTER ROLE {login}{place} SET role = {}", role(dice)));
            }
        }
    }
    for database in DATABASES {
        if dice.once_in(3) {
            all.push(format!("ALTER DATABASE {database} SET Search_Path = {}", path(dice)));
        }
        if dice.once_in(4) {
            all.push(format!("ALTER DATABASE {database} SET role = {}", role(dice)));
        }
    }
    if dice.once_in(3) {
        all.push(format!("ALTER ROLE ALL SET search_path = {}", path(dice)));
    }
    all
}

fn path(dice: &mut Dice) -> String {
    let mut element = || if dice.once_in(3) { dice.one(&OTHERS) } else { dice.one(&SCHEMAS) };
    let first = element();
    let more: Vec<&str> = [element(), element(), element()].into_iter().collect();
    let count = dice.below(4);
    [first].into_iter().chain(more.into_iter().take(count)).collect::<Vec<_>>().join(", ")
}

/// A name in quotes is a role's, as it is; `none` is the login itself.
fn role(dice: &mut Dice) -> String {
    let role = if dice.once_in(8) { "none" } else { anybody(dice) };
    let exact = role.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).map(|name| name.replace("\"\"", "\""));
    format!("'{}'", exact.unwrap_or_else(|| role.to_owned()))
}

async fn differences(server: &Server) -> (Vec<String>, usize) {
    let snapshot = world::snapshot(server).await;
    let access = Access::of(&snapshot.state, snapshot.server.version_num);
    let (mut wrong, mut asked) = (Vec::new(), 0);
    for database in DATABASES {
        for login in LOGINS {
            let Ok(client) = server.connect(database, Some(login)).await else { continue };
            let query = "SELECT current_user::text, current_schemas(true)::text[]";
            // where the path begins with pg_temp the question makes such a schema, which not everybody may
            let Ok(row) = client.query_one(query, &[]).await else { continue };
            let (user, mut schemas): (String, Vec<String>) = (row.get(0), row.get(1));
            schemas.retain(|schema| !schema.starts_with("pg_temp"));
            let (login, database) = (Name::of_server(login), Name::of_server(database));
            let start = access.start(&login, &database);
            let computed = access.current_schemas(&login, &database);
            let computed: Vec<&str> = computed.iter().map(Name::as_str).collect();
            asked += 1;
            if start.acting.as_str() != user || computed != schemas {
                let (at, acting) = (database.shown(), start.acting.shown());
                wrong.push(format!(
                    "{} in {at}: {acting} with {computed:?}, really {user} with {schemas:?}",
                    login.shown()
                ));
            }
        }
    }
    (wrong, asked)
}
