//! The plain values that everything else speaks of. Pure; floor 0.

mod acl;
mod activity;
mod additive;
mod adoptable;
mod code;
mod day;
mod desired;
mod graph;
mod hanging;
mod hidden;
mod kind;
mod look;
pub mod lookalike;
mod moment;
mod name;
mod object;
mod on_path;
mod privilege;
mod retire;
mod role;
mod scope;
mod search_path;
mod snapshot;
mod sql_encoding;
mod sql_text;
mod sql_tokens;
mod state;
mod thing;
mod ties;
mod waiting;

pub use acl::{Acl, AclError, Granted, Grantee};
pub use activity::{Activity, Prepared, Sessions};
pub use adoptable::{Adoptable, AdoptableCode, CodeIdentities, CodeIdentity, SchemaOwners};
pub use code::{
    Borrowed, ByName, Code, Contained, Copied, Definer, EventTrigger, ForeignKey, ForeignServer, ForeignTable,
    Language, LargeObjects, Referential, Restriction, Rule, Subscription, SystemRight, Trigger, Used, WritableView,
};
pub use day::{Day, NoDay};
pub use desired::{CreateDatabase, Desired, Ended, Home, Ruled, Use};
pub use graph::RoleGraph;
pub use hanging::{Hanging, Hangs, Hung, Part};
pub use hidden::{escaped, escaped_lines, has_hidden, is_blank, is_hidden, visible_json};
pub use kind::{Future, Kind};
pub use look::Look;
pub use moment::Moment;
pub use name::{Name, NameError};
pub use object::Object;
pub use on_path::{Maintenance, NamedCode, OnPath, RoutinePath, SystemSchema};
pub use privilege::Privileges;
pub use retire::{Dependent, Hold, Policy, Retire, Retired, Retiring};
pub use role::{
    Attribute, Membership, MembershipOptions, Role, SettingKey, Settings, canonical_setting, list_elements,
    setting_shown, setting_sql,
};
pub use scope::{Scope, ScopedDatabase};
pub use search_path::{SearchPath, settings_of};
pub use snapshot::{Contents, Extension, OwnedBy, Server, Snapshot, ViewOf};
pub use sql_encoding::{sql_in_encoding, sql_without_encoding};
pub use sql_text::{literal, visible_sql};
pub use state::{Database, DefaultKey, Holding, Presence, State};
pub use thing::{Held, Other, Thing, owners};
pub use ties::Ties;
pub use waiting::{Judge, Waiting};
