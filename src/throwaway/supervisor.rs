//! The shell between us and the server. It holds the reading end of a pipe whose only writing end is ours, and the kernel
//! closes ours however we die; so a server never outlives its owner, and no signal handler is needed.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::binaries::Binaries;
use super::container::Container;
use super::error::{Doing, Error};
use super::user::Runner;

const SCRIPT: &str = include_str!("supervisor.sh");

pub(super) struct Supervisor {
    child: Child,
    /// Close-on-exec, like all that std opens: no other child of ours keeps it open.
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Supervisor {
    /// Copies `template` to `run/data`; starts nothing yet.
    pub(super) fn spawn(runner: Runner, binaries: &Binaries, template: &Path, run: &Path) -> Result<Supervisor, Error> {
        let shell = Path::new("/bin/sh");
        let postgres = binaries.bin.join("postgres");
        let mut command;
        if let Some(image) = &binaries.image {
            // As ourselves, with our environment: it is we who may speak to the engine, and who know how.
            command = Command::new(shell);
            let container = Container { runner, folders: &[run], name: run.file_name() };
            command.args(["-c", SCRIPT, "pgmoat-throwaway"]).args([template, run]).args(container.name);
            command.arg(&image.docker).args(container.server(image, &postgres, run));
        } else {
            command = runner.command(shell);
            command.args(["-c", SCRIPT, "pgmoat-throwaway"]).args([template, run]).arg("");
            command.arg(&postgres).arg("-D").arg(run.join("data"));
        }
        // A process group of its own: the terminal's Ctrl-C isn't for the server.
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).process_group(0);
        let mut child = command.spawn().doing("run", shell)?;
        let (Some(orders), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            unreachable!("both were asked to be pipes");
        };
        let mut supervisor = Supervisor { child, orders: Some(orders), answers: BufReader::new(answers) };
        supervisor.hear("copied")?;
        Ok(supervisor)
    }

    pub(super) fn start(&mut self) -> Result<u32, Error> {
        self.tell("start")?;
        let pid = self.hear("started ")?;
        pid.parse().map_err(|_| lost(&format!("it calls the server's process {pid:?}")))
    }

    pub(super) fn stop(&mut self, signal: &str) -> Result<(), Error> {
        self.tell(&format!("stop {signal}"))?;
        self.hear("stopped").map(drop)
    }

    /// Stops the server, removes what it left, and waits until that is done.
    pub(super) fn finish(&mut self) -> Result<(), Error> {
        drop(self.orders.take());
        self.child.wait().doing("wait for", Path::new("/bin/sh")).map(drop)
    }

    fn tell(&mut self, order: &str) -> Result<(), Error> {
        let Some(orders) = &mut self.orders else {
            return Err(lost("it was told to go"));
        };
        writeln!(orders, "{order}").map_err(|error| lost(&error.to_string()))
    }

    fn hear(&mut self, expected: &str) -> Result<String, Error> {
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(|error| lost(&error.to_string()))?;
        let answer = line.trim_end();
        match answer.strip_prefix(expected) {
            Some(rest) => Ok(rest.to_owned()),
            None => Err(lost(&format!("instead of {expected:?} it said {answer:?}"))),
        }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        // A drop can't report; whoever wants to know calls `finish`.
        let _ = self.finish();
    }
}

fn lost(why: &str) -> Error {
    Error::NotReady { why: format!("its supervising shell is lost: {why}"), log: String::new() }
}
