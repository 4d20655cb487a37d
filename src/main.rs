//! Arguments in, exit code out.

mod allocator;

/// Every thread's memory is counted, so that a script's can be bounded.
#[global_allocator]
static ALLOCATOR: allocator::Counting = allocator::Counting;

fn main() -> std::process::ExitCode {
    segue::outside::cli::main(allocator::heap)
}
