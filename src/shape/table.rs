//! The words in which tables are written.

/// A mapping with known keys.
#[derive(Debug)]
pub struct Shape {
    /// What it is, with its article: `a wait`.
    pub what: &'static str,
    /// What it is for, one sentence.
    pub doc: &'static str,
    /// Its keys, in canonical order, in parts that shapes share.
    pub parts: &'static [&'static [Key]],
}

/// A key of a mapping.
#[derive(Debug)]
pub struct Key {
    /// Its name in the file.
    pub name: &'static str,
    /// What may stand behind it.
    pub kind: Kind,
    /// Whether it must be there.
    pub need: Need,
    /// What it means, one sentence.
    pub doc: &'static str,
    /// An example of a value, as it would be written.
    pub example: &'static str,
}

/// Whether a key must be there, and what counts where it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It must be there.
    Required,
    /// It may be left out.
    Optional,
    /// It may be left out; this counts then.
    Default(&'static str),
}

/// What may stand behind a key, or in a list.
#[derive(Debug)]
pub enum Kind {
    /// Text of at most so many characters.
    Text {
        /// In Unicode scalar values.
        longest: usize,
    },
    /// `true` or `false`.
    Flag,
    /// A whole number in a range, ends included.
    Whole {
        /// The smallest that may stand.
        least: i64,
        /// The largest that may stand.
        most: i64,
    },
    /// A duration: `1d 4h`. It may be no time at all.
    Duration,
    /// A duration that is some time.
    Pause,
    /// A day: `2026-12-24`.
    Date,
    /// An id of a sequence or step.
    Id,
    /// One of a fixed set of words.
    Word(&'static [Word]),
    /// An instant: `2026-12-24T09:00:00Z`.
    Instant,
    /// One of a fixed set of words, or an instant: `2026-12-24T09:00:00Z`.
    WordOrInstant(&'static [Word]),
    /// Any single value: text, a number, `true`, `false` or `null`.
    Value,
    /// An expression over the record.
    Expression,
    /// A list.
    List(&'static Kind),
    /// A mapping with known keys.
    Mapping(&'static Shape),
    /// A mapping whose keys the person chooses.
    Table {
        /// What a key names, with its article: `a field`.
        of: &'static str,
        /// What stands behind each key.
        value: &'static Kind,
    },
    /// A single value of one kind, or a mapping.
    Either(&'static Kind, &'static Shape),
    /// The same, or nothing behind the key.
    OrNothing(&'static Kind),
    /// A list of steps.
    Steps,
}

/// One of a fixed set of words.
#[derive(Debug)]
pub struct Word {
    /// As written in the file.
    pub name: &'static str,
    /// What it means.
    pub doc: &'static str,
}

impl Shape {
    /// All keys, in canonical order.
    pub fn keys(&self) -> impl Iterator<Item = &'static Key> {
        self.parts.iter().flat_map(|part| part.iter())
    }
}

/// Declares an enum together with its table of words.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[doc = $doc:literal])+ $variant:ident $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[doc = $doc])+ $variant),+ }

        impl $name {
            /// Every word with its meaning, in the order of the table.
            pub const WORDS: &'static [$crate::shape::Word] = &[
                $($crate::shape::Word { name: $word, doc: concat!($($doc),+) }),+
            ];

            /// Every value, in the order of the table.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word as it is written in files.
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// The value that a word stands for.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some($name::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.word())
            }
        }
    };
}
pub(crate) use words;
