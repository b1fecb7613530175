//! A file that says that it is what `pgmoat inspect` wrote.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(snapshot) = pgmoat::catalog::from_json(text) {
        let written = pgmoat::catalog::to_json(&snapshot);
        assert!(pgmoat::catalog::from_json(&written).is_ok());
    }
});
