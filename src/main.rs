//! The command `pgmoat`.

fn main() -> std::process::ExitCode {
    pgmoat::cli::main()
}
