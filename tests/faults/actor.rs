//! Who applies.

use crate::cluster::{Cluster, Sql};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Actor {
    Superuser,
    /// A login without rights of its own, a member of the group that may make roles and databases.
    Provisioner,
}

/// Those that every fault happens to.
const ACTORS: &[Actor] = &[Actor::Superuser, Actor::Provisioner];

/// Tries it as each of them.
pub(crate) fn each(fault: impl Fn(Actor)) {
    ACTORS.iter().for_each(|actor| fault(*actor));
}

impl Actor {
    /// Connects.
    pub(crate) fn login(self) -> &'static str {
        match self {
            Actor::Superuser => "postgres",
            Actor::Provisioner => "pgmoat_deploy",
        }
    }

    /// Owns what it makes.
    pub(crate) fn role(self) -> &'static str {
        match self {
            Actor::Superuser => "postgres",
            Actor::Provisioner => "pgmoat_admin",
        }
    }

    /// How its layouts begin.
    pub(crate) fn head(self) -> &'static str {
        match self {
            Actor::Superuser => "",
            Actor::Provisioner => "[cluster]\nprovisioner = \"pgmoat_admin\"\n",
        }
    }

    /// Makes it, on a new server.
    pub(crate) fn arrive(self, cluster: &mut Cluster) {
        if self == Actor::Provisioner {
            cluster.sql("postgres").run(
                "CREATE ROLE pgmoat_admin NOLOGIN CREATEROLE CREATEDB; CREATE ROLE pgmoat_deploy LOGIN;
                 GRANT pgmoat_admin TO pgmoat_deploy",
            );
        }
        cluster.user = self.login();
    }

    /// A session that makes things in its name. CREATEROLE and CREATEDB aren't inherited.
    pub(crate) fn sql(self, cluster: &Cluster, database: &str) -> Sql {
        let sql = cluster.sql_as(self.login(), database);
        sql.run(&format!("SET ROLE {}", self.role()));
        sql
    }
}
