//! A unified diff, put together from small pieces: each object is compared with itself alone, so that thousands of changed
//! tables take thousands of small comparisons, not one large one.

use similar::{Algorithm, ChangeTag, capture_diff_slices};

use super::paint::Paint;

/// Lines that belong together, on both sides, under a heading.
pub(super) struct Hunk {
    about: String,
    lines: Vec<(ChangeTag, String)>,
}

impl Hunk {
    pub(super) fn new(about: impl Into<String>) -> Self {
        Self { about: about.into(), lines: Vec::new() }
    }

    /// Adds one key's lines, if they differ; those that don't are the others' context.
    pub(super) fn compare(&mut self, today: &[String], layout: &[String]) {
        if today == layout {
            return;
        }
        for op in capture_diff_slices(Algorithm::Myers, today, layout) {
            self.lines.extend(op.iter_changes(today, layout).map(|change| (change.tag(), change.value())));
        }
    }

    fn count(&self, without: ChangeTag) -> usize {
        self.lines.iter().filter(|(tag, _)| *tag != without).count()
    }
}

/// One diff with its two headers; nothing, if nothing differs.
pub(super) fn unified(name: &str, hunks: &[Hunk], paint: Paint) -> Vec<String> {
    let mut out = Vec::new();
    let (mut old, mut new) = (0, 0);
    for hunk in hunks.iter().filter(|hunk| !hunk.lines.is_empty()) {
        if out.is_empty() {
            out.push(paint.bold(&format!("--- {name}: today")));
            out.push(paint.bold(&format!("+++ {name}: layout")));
        }
        let (olds, news) = (hunk.count(ChangeTag::Insert), hunk.count(ChangeTag::Delete));
        // an empty range stands after the line before it
        let start = |before: usize, count: usize| if count == 0 { before } else { before + 1 };
        let range = format!("@@ -{},{olds} +{},{news} @@", start(old, olds), start(new, news));
        out.push(format!("{} {}", paint.cyan(&range), hunk.about));
        out.extend(hunk.lines.iter().map(|(tag, line)| match tag {
            ChangeTag::Equal => format!(" {line}"),
            ChangeTag::Delete => paint.red(&format!("-{line}")),
            ChangeTag::Insert => paint.green(&format!("+{line}")),
        }));
        (old, new) = (old + olds, new + news);
    }
    out
}
