//! Who we are to AWS, as its own tools find it out.
//!
//! The crate that does the finding reads variables through a trait: it gets those that `cli` has read, so that it can be tried
//! without a process of its own, and so that nobody but `cli` reads the environment.

use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use reqsign_aws_v4::{
    AssumeRoleWithWebIdentityCredentialProvider, Credential, ECSCredentialProvider, EnvCredentialProvider,
    IMDSv2CredentialProvider, ProcessCredentialProvider, ProfileCredentialProvider, SSOCredentialProvider,
};
use reqsign_core::{
    CommandExecute, CommandOutput, Context, Error, FileRead, ProvideCredential, ProvideCredentialDyn, Result, StaticEnv,
};

use tokio::io::AsyncReadExt as _;

use super::profile::Profile;
use super::wire::Wire;
use crate::db::Environment;

/// What the providers may use.
pub(super) fn context(wire: &Wire, environment: &Environment, region: &str) -> Context {
    let mut envs: std::collections::BTreeMap<_, _> = environment.vars.clone();
    envs.retain(|_, value| !value.is_empty());
    // the token service is asked in the same region
    envs.entry("AWS_REGION".to_owned()).or_insert_with(|| region.to_owned());
    let env = StaticEnv { home_dir: environment.home.clone(), envs: envs.into_iter().collect() };
    Context::new()
        .with_env(env)
        .with_http_send(wire.clone())
        .with_file_read(Files)
        .with_command_execute(Commands { limit: PROCESS })
}

/// The places where credentials may be, in the order in which AWS's tools look.
pub(super) struct Chain {
    places: Vec<(&'static str, Box<dyn ProvideCredentialDyn<Credential = Credential>>)>,
    /// Why a profile can't be used that other tools can use.
    beyond: Option<String>,
}

impl Chain {
    pub(super) fn new(environment: &Environment) -> Self {
        Self {
            places: vec![
                ("AWS_ACCESS_KEY_ID", Box::new(EnvCredentialProvider::new())),
                ("the profile", Box::new(ProfileCredentialProvider::new())),
                ("SSO", Box::new(SSOCredentialProvider::new())),
                ("web identity", Box::new(AssumeRoleWithWebIdentityCredentialProvider::new())),
                ("credential_process", Box::new(ProcessCredentialProvider::new())),
                ("the container", Box::new(ECSCredentialProvider::new())),
                ("the instance", Box::new(IMDSv2CredentialProvider::new())),
            ],
            beyond: beyond(&Profile::read(environment)),
        }
    }
}

/// Profiles of these kinds lead through further calls, which AWS's own tool makes for us.
fn beyond(profile: &Profile) -> Option<String> {
    let key = ["sso_session", "role_arn", "login_session"].into_iter().find(|key| profile.get(key).is_some())?;
    let name = profile.name.chars().filter(|c| !c.is_control()).collect::<String>();
    Some(format!(
        "the profile {name} has {key}, which pgmoat doesn't follow: \
         eval \"$(aws configure export-credentials --profile {name} --format env)\" first"
    ))
}

impl ProvideCredential for Chain {
    type Credential = Credential;

    async fn provide_credential(&self, context: &Context) -> Result<Option<Credential>> {
        let mut failed = Vec::new();
        for (place, provider) in &self.places {
            match provider.provide_credential_dyn(context).await {
                Ok(Some(credential)) => return Ok(Some(credential)),
                Ok(None) => {}
                // its words may be those of an answer that was to hold credentials
                Err(error) => failed.push(format!("{place}: {}", error.kind())),
            }
        }
        let places: Vec<&str> = self.places.iter().map(|(place, _)| *place).collect();
        let mut message = format!("no AWS credentials were found, in any of: {}", places.join(", "));
        if !failed.is_empty() {
            message = format!("{message} (failed: {})", failed.join("; "));
        }
        if let Some(beyond) = &self.beyond {
            message = format!("{message}; {beyond}");
        }
        Err(Error::credential_invalid(message))
    }
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chain").finish_non_exhaustive()
    }
}

/// The largest file, and the largest answer of a `credential_process`: both are a few lines.
const LARGEST: u64 = 1 << 20;

/// Reads a file without waiting for anybody who writes it, and without its end where it is too large.
pub(super) fn read_small(path: &Path) -> std::io::Result<Vec<u8>> {
    let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let file = File::options().read(true).custom_flags(flags).open(path)?;
    let mut bytes = Vec::new();
    file.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[derive(Debug)]
struct Files;

impl FileRead for Files {
    async fn file_read(&self, path: &str) -> Result<Vec<u8>> {
        read_small(Path::new(path)).map_err(|_| Error::config_invalid("the file can't be read"))
    }
}

/// Runs what a profile names as `credential_process`.
#[derive(Debug)]
struct Commands {
    /// How long it may take. What hasn't ended by then is killed, as it is when nobody waits for it any more.
    limit: Duration,
}

/// As long as somebody may take to touch a key.
const PROCESS: Duration = Duration::from_secs(60);

impl CommandExecute for Commands {
    async fn command_execute(&self, program: &str, args: &[&str]) -> Result<CommandOutput> {
        let mut command = tokio::process::Command::new(program);
        command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let ran = async {
            let mut child = command.spawn()?;
            let mut stdout = Vec::new();
            if let Some(pipe) = child.stdout.take() {
                pipe.take(LARGEST).read_to_end(&mut stdout).await?;
            }
            Ok::<_, std::io::Error>((child.wait().await?, stdout))
        };
        let ran = tokio::time::timeout(self.limit, ran).await;
        let ran = ran.map_err(|_| Error::config_invalid("it took too long"))?;
        let (status, stdout) = ran.map_err(|_| Error::config_invalid("it can't be run"))?;
        Ok(CommandOutput { status: status.code().unwrap_or(-1), stdout, stderr: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Neither is waited for to its end, nor is all kept.
    #[test]
    fn a_process_that_goes_on_and_on() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let commands = Commands { limit: Duration::from_millis(300) };
            assert!(commands.command_execute("sleep", &["1000000"]).await.is_err());
            let commands = Commands { limit: PROCESS };
            let output = commands.command_execute("yes", &[]).await.expect("cut");
            assert_eq!((output.status, output.stdout.len() as u64), (-1, LARGEST));
            let output = commands.command_execute("sh", &["-c", "echo out; echo err >&2; exit 3"]).await.expect("run");
            assert_eq!((output.status, output.stdout.as_slice()), (3, &b"out\n"[..]));
        });
    }

    #[test]
    fn a_file_that_nobody_writes_or_that_has_no_end() {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
        assert_eq!(read_small(&pipe).expect("empty"), b"");
        assert_eq!(read_small(Path::new("/dev/zero")).expect("zeroes").len() as u64, LARGEST);
        assert_eq!(read_small(Path::new("/dev/null")).expect("empty"), b"");
    }
}
