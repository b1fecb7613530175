//! stdout for the answer, stderr for talk; nothing else in the program prints.

use std::borrow::Cow;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};

use super::error::CliError;
use super::exit::Exit;
use super::global::Color;
use crate::model::{escaped, escaped_lines};

/// The two voices of the program.
pub(super) struct Printer {
    choice: ColorChoice,
    quiet: bool,
}

const RED: &str = "\x1b[1;31m";
const YELLOW: &str = "\x1b[1;33m";
const CYAN: &str = "\x1b[1;36m";
const RESET: &str = "\x1b[0m";

impl Printer {
    pub(super) fn new(color: Color, quiet: bool) -> Self {
        let choice = match color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::AlwaysAnsi,
            Color::Never => ColorChoice::Never,
        };
        Self { choice, quiet }
    }

    /// Is stdout shown in colour? Looks at NO_COLOR, CLICOLOR_FORCE and TERM, too.
    pub(super) fn color(&self) -> bool {
        match self.choice {
            ColorChoice::Auto => AutoStream::choice(&std::io::stdout()) != ColorChoice::Never,
            choice => choice != ColorChoice::Never,
        }
    }

    /// The columns of the terminal that stdout is, if it is one.
    pub(super) fn width(&self) -> Option<usize> {
        if !std::io::stdout().is_terminal() {
            return None;
        }
        Some(usize::from(console::Term::stdout().size_checked()?.1))
    }

    /// Is stderr?
    pub(super) fn color_of_talk(&self) -> bool {
        match self.choice {
            ColorChoice::Auto => AutoStream::choice(&std::io::stderr()) != ColorChoice::Never,
            choice => choice != ColorChoice::Never,
        }
    }

    /// The answer. A reader that has gone (`| head`) is no error.
    pub(super) fn answer(&self, text: &str) -> Result<(), CliError> {
        // a colour is taken away with the stream's choice, and nothing else ever
        let visible = escaped_lines(text, self.color());
        debug_assert_eq!(visible, text, "an answer shows what is hidden in its names");
        let text = visible;
        let mut out = AutoStream::new(std::io::stdout().lock(), self.choice);
        let newline = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        match write!(out, "{text}{newline}").and_then(|()| out.flush()) {
            Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
                Err(CliError::new("failed to write to stdout").caused_by(&e))
            }
            _ => Ok(()),
        }
    }

    /// What goes on, unless --quiet: one line, whatever names are in it.
    pub(super) fn talk(&self, text: &str) {
        if !self.quiet {
            self.err(&escaped(text));
        }
    }

    /// Lines that were rendered for stderr, names and all, unless --quiet.
    pub(super) fn rendered(&self, text: &str) {
        if !self.quiet {
            self.err(&escaped_lines(text, self.color_of_talk()));
        }
    }

    pub(super) fn warning(&self, text: &str) {
        if !self.quiet {
            self.err(&format!("{YELLOW}warning:{RESET} {}", escaped(text)));
        }
    }

    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// The only place where an error is shown.
    pub(super) fn error(&self, error: &CliError) -> Exit {
        if let Some(ready_made) = &error.ready_made {
            self.err(ready_made);
        } else {
            // an outside name may hold what a terminal obeys, or begin a line of its own
            self.err(&format!("{RED}error:{RESET} {}", escaped(&error.message)));
        }
        if let Some(statement) = &error.statement {
            self.err(&escaped_lines(&format!("  {statement}"), false));
        }
        for cause in &error.causes {
            self.err(&format!("  caused by: {}", escaped(cause)));
        }
        for detail in &error.details {
            self.err(&format!("  {}", escaped(detail)));
        }
        for hint in &error.hints {
            self.err(&format!("{CYAN}hint:{RESET} {}", escaped(hint)));
        }
        error.exit
    }

    /// clap's own errors and help, which repeat the arguments.
    pub(super) fn usage(&self, error: &clap::Error) -> ExitCode {
        let plain = error.render().to_string();
        let visible = escaped_lines(&plain, false);
        if visible == plain && without_commands(&plain) == plain {
            let _ = error.print();
        } else {
            self.err(visible.trim_end());
        }
        ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
    }

    /// Where stderr is gone too, there is nobody to tell.
    fn err(&self, text: &str) {
        let mut err = AutoStream::new(std::io::stderr().lock(), self.choice);
        let _ = writeln!(err, "{}", without_commands(text));
    }
}

/// Returns text in which no runner of workflows finds a command: GitHub's and Azure's older form counts anywhere in a line.
/// <https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs>
fn without_commands(text: &str) -> Cow<'_, str> {
    let forms = ["##[", "##vso["];
    if !forms.iter().any(|form| text.contains(form)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(forms.iter().fold(text.to_owned(), |text, form| text.replace(form, &form.replacen('#', "\\u{23}", 1))))
}

#[cfg(test)]
mod tests {
    use super::without_commands;

    #[test]
    fn no_command_is_left() {
        let shown = without_commands("a ##[add-mask]x ###vso[y] # ## [ok]");
        assert_eq!(shown, r"a \u{23}#[add-mask]x #\u{23}#vso[y] # ## [ok]");
    }
}
