//! The gate in front of all reading: what is no text, or too much of it, does not come in.

/// The most bytes that a file may have, 1 MiB: sequences are a few kilobytes.
pub const MAX_FILE_BYTES: usize = 1 << 20;

/// Why bytes are no text that we read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadText {
    /// The bytes are not UTF-8; `valid` bytes at the start are.
    NotUtf8 {
        /// How many bytes from the start are good.
        valid: usize,
    },
    /// The file is larger than [`MAX_FILE_BYTES`].
    TooLarge,
}

/// The bytes as text.
///
/// # Errors
/// [`BadText`] where the bytes are too many or not UTF-8.
pub fn text_from_bytes(bytes: Vec<u8>) -> Result<String, (BadText, Vec<u8>)> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err((BadText::TooLarge, bytes));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        (BadText::NotUtf8 { valid }, error.into_bytes())
    })
}
