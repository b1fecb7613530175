//! A layout, or what a pull request has made of one.
#![no_main]

use pgmoat::layout::{SourceFile, parse, render};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let file = SourceFile { name: "pgmoat.toml".to_owned(), text: text.to_owned() };
    match parse(vec![file], Some("prod")) {
        Ok(layout) => drop(pgmoat::layout::resolve::resolve(&layout, &Default::default())),
        Err(problems) => drop(render(&problems, false)),
    }
});
