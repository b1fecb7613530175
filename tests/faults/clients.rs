//! Services at work while somebody applies, none of which may notice.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::server::connect;
use crate::world::World;

/// Login, database and table: the untouched service, and those that keep their rights by another way.
const AT_WORK: [(&str, &str, &str); 3] = [("keep_app", "keep", "keep.t"), ("a_app", "a", "a.t"), ("b_app", "b", "b.t")];

pub(crate) struct Clients {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<Report>>,
}

#[derive(Default)]
struct Report {
    asked: usize,
    connected: usize,
    /// SQLSTATE, or none where the connection is gone, and all the words.
    errors: Vec<(String, String)>,
}

impl Clients {
    pub(crate) fn start(world: &World) -> Clients {
        let stop = Arc::new(AtomicBool::new(false));
        let threads = AT_WORK.iter().map(|(login, database, table)| {
            let conninfo = world.cluster.server.conninfo();
            let conninfo = format!("{conninfo} application_name=client user={login} dbname={database}");
            let stop = Arc::clone(&stop);
            std::thread::spawn(move || work(&conninfo, table, &stop))
        });
        Clients { threads: threads.collect(), stop }
    }

    /// Ends them. `SQLSTATE`s that were to be expected aren't held against anybody.
    #[track_caller]
    pub(crate) fn end(self, expected: &[&str]) {
        self.stop.store(true, Ordering::Relaxed);
        for (thread, (login, ..)) in self.threads.into_iter().zip(AT_WORK) {
            let report = thread.join().expect("it reports");
            let unexpected = report.errors.iter().filter(|(code, _)| !expected.contains(&code.as_str()));
            let unexpected: Vec<&String> = unexpected.map(|(_, words)| words).collect();
            assert!(unexpected.is_empty(), "{login} was served less than before: {unexpected:#?}");
            assert!(report.asked > 3 && report.connected > 1, "{login} only asked {} times", report.asked);
        }
    }
}

/// Reads and writes on a session that stays, and every now and then on a new one.
fn work(conninfo: &str, table: &str, stop: &AtomicBool) -> Report {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let sql = format!("SELECT id FROM {table} LIMIT 1; INSERT INTO {table} VALUES (1)");
    let mut report = Report::default();
    runtime.block_on(async {
        let mut session = None;
        while !stop.load(Ordering::Relaxed) {
            let result = async {
                if report.asked % 10 == 0 {
                    report.connected += 1;
                    connect(conninfo).await?.batch_execute(&sql).await?;
                }
                let client = match session.take() {
                    Some(client) => client,
                    None => connect(conninfo).await?,
                };
                client.batch_execute(&sql).await?;
                session = Some(client);
                Ok::<_, tokio_postgres::Error>(())
            };
            if let Err(error) = result.await {
                let code = error.code().map(|code| code.code().to_owned()).unwrap_or_default();
                report.errors.push((code, format!("{error:?}")));
            }
            report.asked += 1;
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    });
    report
}
