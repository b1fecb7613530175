//! A file that says that it is what `pgmoat plan --out` wrote.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(plan) = pgmoat::plan::view::from_json(text) {
        let written = pgmoat::plan::view::json(&plan);
        assert!(pgmoat::plan::view::from_json(&written).is_ok());
    }
});
