//! A list of accepted findings.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = pgmoat::cli::is_baseline(text);
});
