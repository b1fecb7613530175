//! Things of every class that can have an owner, given to whom chance gives them; and whether each was read, asked of the catalogs
//! themselves, one after the other.

use std::collections::BTreeSet;

use pgmoat::model::{Contents, Database, Held, Name};

use super::dice::Dice;
use super::roles::ALL;
use super::server::{Server, texts};

/// Made by the superuser; then `ALTER … OWNER TO`.
const THINGS: [(&str, &str, &str); 15] = [
    ("COLLATION", "s1.c", "CREATE COLLATION s1.c FROM \"C\""),
    ("COLLATION", "public.\"C d\"", "CREATE COLLATION public.\"C d\" FROM \"C\""),
    ("CONVERSION", "s2.conv", "CREATE CONVERSION s2.conv FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1"),
    ("OPERATOR", "s1.=== (int, int)", "CREATE OPERATOR s1.=== (leftarg = int, rightarg = int, function = int4eq)"),
    ("OPERATOR FAMILY", "s1.fam USING btree", "CREATE OPERATOR FAMILY s1.fam USING btree"),
    (
        "OPERATOR CLASS",
        "s1.cls USING btree",
        "CREATE OPERATOR CLASS s1.cls FOR TYPE int4 USING btree FAMILY s1.fam AS STORAGE int4",
    ),
    ("TEXT SEARCH CONFIGURATION", "s2.words", "CREATE TEXT SEARCH CONFIGURATION s2.words (COPY = simple)"),
    ("TEXT SEARCH DICTIONARY", "s2.dict", "CREATE TEXT SEARCH DICTIONARY s2.dict (TEMPLATE = simple)"),
    ("TYPE", "s1.span", "CREATE TYPE s1.span AS RANGE (subtype = int4)"),
    ("FUNCTION", "s1.span(int, int)", "SELECT 1"),
    ("FUNCTION", "pg_catalog.odd()", "CREATE FUNCTION pg_catalog.odd() RETURNS int LANGUAGE sql AS 'SELECT 1'"),
    ("PUBLICATION", "pub", "CREATE PUBLICATION pub"),
    ("SERVER", "srv", "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER srv FOREIGN DATA WRAPPER w"),
    ("LARGE OBJECT", "4711", "SELECT lo_create(4711)"),
    ("LANGUAGE", "plain", "CREATE LANGUAGE plain HANDLER plpgsql_call_handler"),
];

/// One after the other, each with its owner.
pub(crate) fn statements(dice: &mut Dice) -> Vec<String> {
    let mut statements = Vec::new();
    for (keyword, name, create) in THINGS {
        let owner = ALL[dice.below(ALL.len())];
        statements.push(create.to_owned());
        statements.push(format!("ALTER {keyword} {name} OWNER TO {owner}"));
    }
    statements
}

/// Owner and identity, by each catalog's own column. Row types, arrays and multiranges are their element's.
const OWNED: &str = "
with owned (class, id, owner) as (
  select 'pg_class'::regclass, oid, relowner from pg_class where relkind not in ('i', 'I', 't', 'c') union all
  select 'pg_proc'::regclass, oid, proowner from pg_proc union all
  select 'pg_type'::regclass, oid, typowner from pg_type t where typtype in ('d', 'e', 'r') union all
  select 'pg_namespace'::regclass, oid, nspowner from pg_namespace union all
  select 'pg_collation'::regclass, oid, collowner from pg_collation union all
  select 'pg_conversion'::regclass, oid, conowner from pg_conversion union all
  select 'pg_operator'::regclass, oid, oprowner from pg_operator union all
  select 'pg_opfamily'::regclass, oid, opfowner from pg_opfamily union all
  select 'pg_opclass'::regclass, oid, opcowner from pg_opclass union all
  select 'pg_statistic_ext'::regclass, oid, stxowner from pg_statistic_ext union all
  select 'pg_ts_config'::regclass, oid, cfgowner from pg_ts_config union all
  select 'pg_ts_dict'::regclass, oid, dictowner from pg_ts_dict union all
  select 'pg_publication'::regclass, oid, pubowner from pg_publication union all
  select 'pg_foreign_server'::regclass, oid, srvowner from pg_foreign_server union all
  select 'pg_foreign_data_wrapper'::regclass, oid, fdwowner from pg_foreign_data_wrapper union all
  select 'pg_language'::regclass, oid, lanowner from pg_language union all
  select 'pg_extension'::regclass, oid, extowner from pg_extension union all
  select 'pg_event_trigger'::regclass, oid, evtowner from pg_event_trigger union all
  select 'pg_largeobject'::regclass, oid, lomowner from pg_largeobject_metadata
)
select r.rolname || ' ' || i.identity
from owned o join pg_roles r on r.oid = o.owner
cross join lateral pg_identify_object(o.class, o.id, 0) i
where not r.rolsuper
order by 1";

/// What somebody owns, and nobody read.
pub(crate) async fn unread(server: &Server, name: &Name, database: &Database, contents: &Contents) -> Vec<String> {
    let client = server.superuser(name.as_str()).await;
    let bare = |text: &str| text.replace(['"', ' '], "");
    let others = contents.others.iter().flatten().filter_map(|other| match &other.hold {
        Held::Owner(owner) => Some(bare(&format!("{} {}", owner.as_str(), other.thing.identity))),
        _ => None,
    });
    let objects =
        database.objects.iter().map(|(object, held)| bare(&format!("{} {}", held.owner.as_str(), object.sql())));
    let read: BTreeSet<String> = others.chain(objects).collect();
    let owned = texts(&client, OWNED, &[]).await;
    owned
        .into_iter()
        .filter(|line| !read.contains(&bare(line)))
        .map(|line| format!("{}: {line}", name.shown()))
        .collect()
}
