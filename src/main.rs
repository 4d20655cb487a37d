//! Arguments in, exit code out.

fn main() -> std::process::ExitCode {
    segue::outside::cli::main()
}
