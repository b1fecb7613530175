//! Keys of services and logins, and names for roles that are to be made.

use std::collections::BTreeSet;

use super::ground::Plot;
use crate::model::Name;

/// The first of some texts that nobody has yet, or the last with a number.
fn unused(taken: &BTreeSet<String>, candidates: &[String]) -> String {
    if let Some(free) = candidates.iter().find(|candidate| !candidate.is_empty() && !taken.contains(*candidate)) {
        return free.clone();
    }
    let last = candidates.last().map_or("service", String::as_str);
    let numbered = (2..).map(|n| format!("{last}_{n}"));
    numbered.into_iter().find(|candidate| !taken.contains(candidate)).unwrap_or_default()
}

/// A reference to another service's login is cut at its first dot, so keys have none.
fn without_dots(text: &str) -> String {
    text.replace('.', "_")
}

/// What the service would be called by the default `[naming]`; else its database, if it has that for itself; else its schema.
pub(super) fn service(plot: &Plot, alone: bool, taken: &BTreeSet<String>) -> String {
    let (database, schema) = (plot.database.as_str(), plot.schemas[0].as_str());
    let scheme = plot.owner.as_str().strip_suffix("_ddl").map(str::to_owned);
    let of_database = alone.then(|| database.to_owned());
    let of_schema = (schema != "public").then(|| schema.to_owned());
    let candidates = scheme.into_iter().chain(of_database).chain(of_schema).chain([format!("{database}_{schema}")]);
    let candidates: Vec<String> = candidates.map(|text| without_dots(&text)).collect();
    unused(taken, &candidates)
}

/// `app` for `orders_app` of `orders`; else the whole name.
pub(super) fn login(service: &str, role: &Name, taken: &BTreeSet<String>) -> String {
    let short = role.as_str().strip_prefix(service).and_then(|rest| rest.strip_prefix('_'));
    let candidates: Vec<String> = short.into_iter().chain([role.as_str()]).map(without_dots).collect();
    unused(taken, &candidates)
}

/// A role that isn't there yet: `orders_ddl`, cut to what PostgreSQL takes.
pub(super) fn role(service: &str, suffix: &str, taken: &BTreeSet<String>) -> Name {
    // room for a number
    let longest = Name::MAX_BYTES - suffix.len() - 5;
    let cut = (0..=service.len().min(longest)).rev().find(|at| service.is_char_boundary(*at)).unwrap_or(0);
    let stem = if service.starts_with("pg_") { format!("x{}", &service[..cut]) } else { service[..cut].to_owned() };
    Name::of_server(&unused(taken, &[format!("{stem}_{suffix}")]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn services() {
        let plot = |database: &str, schema: &str, owner: &str| Plot {
            database: Name::of_server(database),
            schemas: vec![Name::of_server(schema)],
            owner: Name::of_server(owner),
        };
        let key = |plot: &Plot, alone, names: &[&str]| service(plot, alone, &taken(names));
        assert_eq!(key(&plot("d", "s", "orders_ddl"), true, &[]), "orders");
        assert_eq!(key(&plot("d", "s", "app"), true, &[]), "d");
        assert_eq!(key(&plot("d", "s", "app"), false, &[]), "s");
        assert_eq!(key(&plot("d", "public", "app"), false, &[]), "d_public");
        assert_eq!(key(&plot("d", "s", "app"), true, &["d", "s", "d_s", "d_s_2"]), "d_s_3");
        assert_eq!(key(&plot("shop.eu", "s", "app"), true, &[]), "shop_eu");
    }

    #[test]
    fn logins_and_roles() {
        assert_eq!(login("orders", &Name::of_server("orders_app"), &taken(&[])), "app");
        assert_eq!(login("orders", &Name::of_server("orders_app"), &taken(&["app"])), "orders_app");
        assert_eq!(login("orders", &Name::of_server("Web.App"), &taken(&[])), "Web_App");
        assert_eq!(role("orders", "ddl", &taken(&[])).as_str(), "orders_ddl");
        assert_eq!(role("orders", "ddl", &taken(&["orders_ddl"])).as_str(), "orders_ddl_2");
        assert!(role(&"é".repeat(31), "ddl", &taken(&[])).as_str().len() <= Name::MAX_BYTES);
        assert_eq!(role("pg_x", "ddl", &taken(&[])).as_str(), "xpg_x_ddl");
    }
}
