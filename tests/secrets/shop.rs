//! A server that asks everybody but us for a password, a layout with a folder for them, and clients that read it there.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use pgmoat::db::ConnectError;
use pgmoat::throwaway::Options;
use serde_json::Value;

use crate::cluster::{Cluster, Sql};
use crate::run::{Output, Run};

/// One login of each kind.
pub(crate) const SERVICES: &str = "
[service.orders.login.app]
role = \"dml\"
[service.orders.login.worker]
role     = \"dml\"
rotation = \"alternating\"
[service.orders.login.migrate]
role     = \"ddl\"
rotation = \"alternating\"
[service.orders.login.bi]
role = \"ro\"
auth = \"external\"
";

pub(crate) struct Shop {
    pub(crate) cluster: Cluster,
}

/// What a client reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Credential {
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) url: String,
}

impl Shop {
    /// With this layout below `[secrets]`; nothing is applied yet.
    pub(crate) fn of(services: &str) -> Shop {
        let shop = Shop { cluster: Cluster::with(&Options { tcp: true, ..Options::default() }) };
        shop.layout("", services);
        shop
    }

    /// The same, and applied.
    pub(crate) fn open(services: &str) -> Shop {
        let shop = Shop::of(services);
        let _ = shop.apply().code(0);
        shop
    }

    pub(crate) fn layout(&self, more: &str, services: &str) {
        let port = self.cluster.server.port();
        self.cluster.layout(&format!(
            "[secrets]\nstore = \"file\"\nhost = \"127.0.0.1\"\nport = {port}\nsslmode = \"disable\"\n{more}\n{services}"
        ));
    }

    pub(crate) fn pgmoat(&self, args: &str) -> Run {
        self.cluster.pgmoat(args)
    }

    pub(crate) fn apply(&self) -> Output {
        self.pgmoat("apply --yes --allow all").end()
    }

    pub(crate) fn admin(&self) -> Sql {
        self.cluster.sql("postgres")
    }

    pub(crate) fn path(&self, entry: &str) -> PathBuf {
        self.cluster.folder.path().join(format!("secrets/{entry}.json"))
    }

    pub(crate) fn json(&self, entry: &str) -> Value {
        let text = std::fs::read_to_string(self.path(entry)).unwrap_or_else(|error| panic!("{entry}: {error}"));
        serde_json::from_str(&text).expect("JSON")
    }

    /// Somebody else writes into the folder.
    pub(crate) fn change(&self, entry: &str, change: impl FnOnce(&mut Value)) {
        let mut value = self.json(entry);
        change(&mut value);
        std::fs::write(self.path(entry), value.to_string()).expect("written");
    }

    /// As a client reads it.
    pub(crate) fn read(&self, entry: &str) -> Credential {
        let value = self.json(entry);
        let text = |key: &str| value[key].as_str().unwrap_or_else(|| panic!("{key}: {value}")).to_owned();
        Credential { user: text("username"), password: text("password"), url: text("url") }
    }

    /// Is anything but the current versions in the folder?
    pub(crate) fn pending(&self) -> Vec<String> {
        let folder = self.cluster.folder.path().join("secrets/orders");
        let names = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("readable").file_name());
        names.filter_map(|name| name.into_string().ok()).filter(|name| name.contains(".pending")).collect()
    }

    /// Nobody but us may read the folder.
    pub(crate) fn is_ours_alone(&self) {
        let mode = |path: PathBuf| std::fs::metadata(&path).expect("there").permissions().mode() & 0o777;
        for entry in ["orders/app", "orders/worker", "orders/migrate"] {
            assert_eq!(mode(self.path(entry)), 0o600, "{entry}");
        }
        assert_eq!(mode(self.cluster.folder.path().join("secrets/orders")), 0o700);
        assert_eq!(mode(self.cluster.folder.path().join("secrets")), 0o700);
    }
}

impl Credential {
    /// A session by the URL alone, as the service has it.
    pub(crate) fn open(&self) -> Result<Sql, ConnectError> {
        Sql::attempt_open(&self.url)
    }

    pub(crate) fn logs_in(&self) -> bool {
        match self.open() {
            Ok(_) => true,
            Err(error) if error.sqlstate() == Some("28P01") => false,
            Err(error) => panic!("{}: {error}", self.user),
        }
    }
}

/// A session as the driver alone makes it: whom the role's own settings make of it.
pub(crate) fn current_user(url: &str) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.expect("a login");
        tokio::spawn(connection);
        client.query_one("SELECT current_user::text", &[]).await.expect("a name").get(0)
    })
}
