//! Roles and who is a member of what, by chance.

use super::dice::Dice;

pub(crate) const LOGINS: [&str; 6] = ["l0", "l1", "l2", "l3", "l4", "nobody"];
const GROUPS: [&str; 8] = ["g0", "g1", "g2", "g3", "g4", "g5", "g6", "\"Odd \"\"G\"\"\""];

/// All of them.
pub(crate) const ALL: [&str; 14] =
    ["l0", "l1", "l2", "l3", "l4", "nobody", "g0", "g1", "g2", "g3", "g4", "g5", "g6", "\"Odd \"\"G\"\"\""];

/// A role that may own, be granted something, and be a member.
pub(crate) fn anybody(dice: &mut Dice) -> &'static str {
    match dice.below(4) {
        0 => LOGINS[dice.below(5)],
        _ => GROUPS[dice.below(GROUPS.len())],
    }
}

/// The statements, of which the server refuses some: circles, and who may not grant.
pub(crate) fn statements(dice: &mut Dice, major: u32) -> Vec<String> {
    let mut all = vec!["CREATE ROLE nobody LOGIN".to_owned()];
    for login in &LOGINS[..5] {
        let bypass = dice.maybe(8, " BYPASSRLS");
        all.push(format!(
            "CREATE ROLE {login} LOGIN{}{}{bypass}",
            dice.maybe(3, " NOINHERIT"),
            dice.maybe(20, " CREATEROLE")
        ));
    }
    for group in GROUPS {
        let superuser = dice.maybe(40, " SUPERUSER");
        all.push(format!(
            "CREATE ROLE {group}{}{}{superuser}",
            dice.maybe(4, " NOINHERIT"),
            dice.maybe(25, " CREATEROLE")
        ));
    }
    for _ in 0..8 + dice.below(12) {
        let role = if dice.once_in(8) { LOGINS[dice.below(5)] } else { GROUPS[dice.below(GROUPS.len())] };
        all.push(membership(dice, major, role));
    }
    if dice.once_in(2) {
        let mut predefined = vec!["pg_read_all_data", "pg_write_all_data"];
        if major >= 17 {
            predefined.push("pg_maintain");
        }
        let role = dice.one(&predefined);
        all.push(membership(dice, major, role));
    }
    all
}

fn membership(dice: &mut Dice, major: u32, role: &str) -> String {
    let member = anybody(dice);
    let mut options = Vec::new();
    if dice.once_in(4) {
        options.push("ADMIN OPTION");
    }
    if major >= 16 {
        options = options.iter().map(|_| "ADMIN TRUE").collect();
        options.extend([
            dice.one(&["", "", "INHERIT TRUE", "INHERIT FALSE"]),
            dice.one(&["", "", "SET TRUE", "SET FALSE"]),
        ]);
        options.retain(|option| !option.is_empty());
    }
    let with = if options.is_empty() { String::new() } else { format!(" WITH {}", options.join(", ")) };
    // who has ADMIN OPTION grants on: from 16 on that is another row
    let acting = if dice.once_in(3) { format!("SET ROLE {}; ", anybody(dice)) } else { String::new() };
    format!("{acting}GRANT {role} TO {member}{with}")
}
