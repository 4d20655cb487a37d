//! Whether a store is whole: the file as SQLite sees it, and what our tables promise each other.
//! In comes an open store; out come flaws, in words.
//! Never mends anything.

use rusqlite::ErrorCode;

use crate::sequence::State;
use crate::text::Digest;

use super::values::Stored;
use super::{Store, StoreError};

/// How many flaws of one kind are told one by one.
const MOST: i64 = 20;

/// What must not be there, each with the question that counts it.
const NEVER: [(&str, &str); 6] = [
    (
        "sequences whose newest version is not there",
        "SELECT count(*) FROM sequence WHERE newest_version IS NOT NULL AND NOT EXISTS \
            (SELECT 1 FROM version WHERE version.sequence = sequence.number AND version.number = sequence.newest_version)",
    ),
    (
        "sequences that serve without a published version",
        "SELECT count(*) FROM sequence WHERE state <> 'inactive' AND newest_version IS NULL",
    ),
    ("deleted sequences that serve", "SELECT count(*) FROM sequence WHERE state <> 'inactive' AND deleted_at IS NOT NULL"),
    (
        "connections that run in a sequence that does not serve",
        "SELECT count(*) FROM connection JOIN sequence ON sequence.number = connection.sequence \
            WHERE connection.ended_at IS NULL AND (sequence.state = 'inactive' OR sequence.deleted_at IS NOT NULL)",
    ),
    (
        "records that run twice through one sequence",
        "SELECT count(*) FROM (SELECT 1 FROM connection WHERE ended_at IS NULL GROUP BY record, sequence HAVING count(*) > 1)",
    ),
    ("changes of no operation", "SELECT count(*) FROM event WHERE operation NOT IN (SELECT number FROM operation)"),
];

impl Store {
    /// Everything in it that no program of ours leaves there; nothing, if it is whole.
    ///
    /// # Errors
    /// Where it cannot be read for a reason that is none of its own.
    pub fn check(&self) -> Result<Vec<String>, StoreError> {
        let mut flaws = Vec::new();
        let asked = self.of_the_file(&mut flaws).and_then(|()| self.of_the_tables(&mut flaws));
        match asked {
            Ok(()) => {}
            Err(error) if is_damage(&error) => flaws.push(error.to_string()),
            Err(error) => return Err(self.trouble(error)),
        }
        Ok(flaws)
    }

    /// What SQLite says of the file.
    fn of_the_file(&self, flaws: &mut Vec<String>) -> rusqlite::Result<()> {
        let mut statement = self.database.prepare(&format!("PRAGMA integrity_check({MOST})"))?;
        for line in statement.query_map([], |row| row.get::<_, String>(0))? {
            flaws.extend(Some(line?).filter(|line| line != "ok"));
        }
        let mut statement = self.database.prepare("PRAGMA foreign_key_check")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(2)?)))?;
        let mut loose: std::collections::BTreeMap<(String, String), u64> = std::collections::BTreeMap::new();
        for row in rows {
            *loose.entry(row?).or_default() += 1;
        }
        flaws.extend(
            loose
                .into_iter()
                .map(|((table, to), count)| format!("{count} rows of `{table}` refer to a `{to}` that is not there")),
        );
        Ok(())
    }

    /// What our tables promise each other.
    fn of_the_tables(&self, flaws: &mut Vec<String>) -> rusqlite::Result<()> {
        for (what, sql) in NEVER {
            let count: i64 = self.database.query_row(sql, [], |row| row.get(0))?;
            flaws.extend((count > 0).then(|| format!("{what}: {count}")));
        }
        let words = State::ALL.iter().map(|state| format!("'{}'", state.word())).collect::<Vec<_>>().join(", ");
        let sql = format!("SELECT id, state FROM sequence WHERE state NOT IN ({words}) LIMIT {MOST}");
        let mut statement = self.database.prepare(&sql)?;
        let strange = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        for row in strange {
            let (id, state) = row?;
            flaws.push(format!("`{id}` is `{state}`, which is no state"));
        }
        let mut statement = self.database.prepare("SELECT digest, content FROM text")?;
        let mut rows = statement.query([])?;
        let mut changed = 0_u64;
        while let Some(row) = rows.next()? {
            let (Stored(digest), content): (Stored<Digest>, String) = (row.get(0)?, row.get(1)?);
            changed += u64::from(Digest::of(content.as_bytes()) != digest);
        }
        flaws.extend((changed > 0).then(|| format!("{changed} published texts are not what was published")));
        Ok(())
    }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    let of_a_value = matches!(
        error,
        rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
    );
    of_a_value || matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}
