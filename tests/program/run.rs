//! One run of the program: a clean environment, both streams, the exit code.

use std::ffi::OsStr;
use std::fmt;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// No run of these tests takes so long; one that does hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the program will be called with. Its environment holds HOME, and nothing else that isn't given.
#[must_use]
pub(crate) struct Run(Command);

/// A run under way.
pub(crate) struct Running {
    pub(crate) child: Child,
    out: Stream,
    err: Stream,
}

/// What has come out so far, and the thread that reads on.
struct Stream(Arc<Mutex<Vec<u8>>>, JoinHandle<()>);

/// What came of it.
#[must_use]
pub(crate) struct Output {
    /// -1 when a signal ended it.
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    pub(crate) fn new(home: &Path) -> Run {
        Run::of(Command::new(env!("CARGO_BIN_EXE_pgmoat")), home)
    }

    /// Another program that runs ours, with the same environment.
    pub(crate) fn of(mut command: Command, home: &Path) -> Run {
        command.env_clear().env("HOME", home).current_dir(home);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Run(command)
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Run {
        self.0.env(name, value);
        self
    }

    /// Blanks separate arguments; [`Run::arg`] takes one that holds blanks.
    pub(crate) fn args(mut self, args: &str) -> Run {
        self.0.args(args.split_whitespace());
        self
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Run {
        self.0.arg(arg);
        self
    }

    pub(crate) fn stdin(mut self, stdin: Stdio) -> Run {
        self.0.stdin(stdin);
        self
    }

    pub(crate) fn start(mut self) -> Running {
        let mut child = self.0.spawn().expect("the program starts");
        let out = Stream::of(child.stdout.take().expect("a pipe"));
        let err = Stream::of(child.stderr.take().expect("a pipe"));
        Running { child, out, err }
    }

    pub(crate) fn end(self) -> Output {
        self.start().end()
    }
}

impl Stream {
    fn of(mut pipe: impl Read + Send + 'static) -> Stream {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&bytes);
        let thread = thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = pipe.read(&mut buffer) {
                heard.lock().expect("a whole list").extend_from_slice(&buffer[..read]);
            }
        });
        Stream(bytes, thread)
    }

    fn so_far(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("a whole list")).into_owned()
    }

    fn all(self) -> String {
        self.1.join().expect("read to its end");
        let bytes = std::mem::take(&mut *self.0.lock().expect("a whole list"));
        String::from_utf8(bytes).expect("the program speaks UTF-8")
    }
}

impl Running {
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("killed");
    }

    pub(crate) fn stdin(&mut self) -> std::process::ChildStdin {
        self.child.stdin.take().expect("a pipe")
    }

    /// On stdout, so far.
    pub(crate) fn has_said(&self, text: &str) -> bool {
        self.out.so_far().contains(text)
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("waited").is_some()
    }

    pub(crate) fn end(mut self) -> Output {
        let began = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("waited") {
                break status;
            }
            if began.elapsed() > PATIENCE {
                self.kill();
                panic!("it hangs\n{}\n{}", self.out.so_far(), self.err.so_far());
            }
            thread::sleep(Duration::from_millis(5));
        };
        Output { code: status.code().unwrap_or(-1), out: self.out.all(), err: self.err.all() }
    }
}

impl Output {
    /// Ends the test unless the program ended so.
    #[track_caller]
    pub(crate) fn code(self, code: i32) -> Output {
        assert_eq!(self.code, code, "{self}");
        self
    }

    /// The whole of stderr.
    #[track_caller]
    pub(crate) fn err(self, text: &str) -> Output {
        assert_eq!(self.err, text, "{self}");
        self
    }

    /// Parts of stderr, in this order.
    #[track_caller]
    pub(crate) fn err_has(self, parts: &[&str]) -> Output {
        let mut rest = self.err.as_str();
        for part in parts {
            let Some((_, after)) = rest.split_once(part) else { panic!("stderr lacks {part:?}\n{self}") };
            rest = after;
        }
        self
    }

    /// The whole of stdout.
    #[track_caller]
    pub(crate) fn out(self, text: &str) -> Output {
        assert_eq!(self.out, text, "{self}");
        self
    }

    /// Parts of stdout, in this order.
    #[track_caller]
    pub(crate) fn out_has(self, parts: &[&str]) -> Output {
        let mut rest = self.out.as_str();
        for part in parts {
            let Some((_, after)) = rest.split_once(part) else { panic!("stdout lacks {part:?}\n{self}") };
            rest = after;
        }
        self
    }
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit {}\n--- stdout\n{}--- stderr\n{}---", self.code, self.out, self.err)
    }
}
