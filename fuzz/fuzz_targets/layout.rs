//! A layout, or what a pull request has made of one.
#![no_main]

use pgmoat::layout::{SourceFile, parse};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let file = SourceFile { name: "pgmoat.toml".to_owned(), text: text.to_owned() };
    if let Err(problems) = parse(vec![file], Some("prod")) {
        drop(problems.to_string());
    }
});
