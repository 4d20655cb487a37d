//! The system's allocator, which also counts what each thread holds.
//! It never refuses: a script is ended by the next operation that finds too much on the heap, since an allocator that says
//! no ends the whole program.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// Counts the bytes of each thread on their way to the system.
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

#[allow(unsafe_code, reason = "the trait of allocators is unsafe; every call goes on to the system's as it came")]
// SAFETY: memory comes from and goes to the system's allocator alone, with the layouts that the caller gives.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 1);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(layout.size(), -1);
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 1);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(layout.size(), -1);
        count(size, 1);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// The size from which a piece of memory is asked of the system and given back to it by itself, in bytes. Files and what becomes
/// of them are smaller; a large one leaves nothing behind.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const LARGE: i32 = 256 << 10;

/// Has small pieces of memory joined as soon as they are free, and large ones given back. By default glibc joins small ones all
/// at once now and then, which costs a tenth of the time where trees of them come and go, and keeps more of the large ones the
/// more there were. To be called before there is a second thread.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "settings of the C library")]
pub fn settle() {
    // SAFETY: the calls change numbers inside the allocator, and no other thread runs yet.
    unsafe {
        libc::mallopt(libc::M_MXFAST, 0);
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE);
    }
}

/// Where another C library provides memory, it does as it likes.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn settle() {}
