//! An allocator for many threads, which also counts what each of them holds.
//! It never refuses: a script is ended by the next operation that finds too much on the heap, since an allocator that says
//! no ends the whole program.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;

use mimalloc::MiMalloc;

/// Counts the bytes of each thread on their way to the allocator.
pub struct Counting;

thread_local! {
    /// What this thread took minus what it gave back. Below zero where it gives back what another took.
    static HELD: Cell<isize> = const { Cell::new(0) };
}

/// The bytes that this thread holds.
pub fn heap() -> usize {
    usize::try_from(HELD.get()).unwrap_or(0)
}

fn count(bytes: usize, sign: isize) {
    // A thread that ends may free something when its count is gone already.
    let _ = HELD.try_with(|held| held.set(held.get().wrapping_add(sign.wrapping_mul(bytes as isize))));
}

#[allow(unsafe_code, reason = "the trait of allocators is unsafe; every call goes on as it came")]
// SAFETY: memory comes from and goes to one allocator alone, with the layouts that the caller gives.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 1);
        unsafe { MiMalloc.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(layout.size(), -1);
        unsafe { MiMalloc.dealloc(pointer, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 1);
        unsafe { MiMalloc.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(layout.size(), -1);
        count(size, 1);
        unsafe { MiMalloc.realloc(pointer, layout, size) }
    }
}
