//! Opening and making the store's file.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::StoreError;
use super::copies::{copy_whole, place_of_older};
use super::error::explain;
use super::part::{Over, Part};

/// The folder of local state in a workspace.
pub const FOLDER: &str = ".segue";

/// The store's file in that folder.
pub const FILE: &str = "state.db";

/// How long a writer waits for another one, unless it is told otherwise.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// `SEGU` in the head of the file: that it is ours.
const APPLICATION_ID: i64 = 0x5345_4755;

/// What leads from each form of the store to the next. The first makes an empty file the store of form 1.
pub(super) const MIGRATIONS: &[&str] = &[include_str!("schema.sql"), include_str!("journal.sql")];

/// How many statements stay compiled.
const STATEMENTS: usize = 128;

/// Where a workspace has its store, unless somebody names another place.
pub fn usual_place(root: &Path) -> PathBuf {
    root.join(FOLDER).join(FILE)
}

/// Opens the store to look at it; `None` where there is none. Creates, changes and mends nothing.
pub(super) fn open_to_read(path: &Path, forms: Forms) -> Result<Option<Connection>, StoreError> {
    if !is_there(path)? {
        return Ok(None);
    }
    // With the right to write SQLite takes its own helper files away again; without it, it opens the file to read it.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(path, flags).and_then(|connection| {
        connection.pragma_update(None, "query_only", true)?;
        Ok((head(&connection)?, connection))
    });
    let (head, connection) = match opened {
        Ok(opened) => opened,
        Err(error) if is_unwritable_folder(&error) => open_frozen(path)?,
        Err(error) => return Err(explain(path, error)),
    };
    let known = MIGRATIONS.len() as i64;
    match (head.form(path, known)?, forms) {
        (0, _) => return Ok(None),
        (found, Forms::Ours) if found < known => return Err(StoreError::Older { path: path.to_owned(), found, known }),
        (_, Forms::Ours | Forms::Older) => {}
    }
    prepare(&connection).map_err(|error| explain(path, error))?;
    Ok(Some(connection))
}

/// Which forms of a store are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Forms {
    /// The one that all questions are written for.
    Ours,
    /// Older ones too, to copy and to check them.
    Older,
}

/// The number of the store's form.
pub(super) fn form(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Opens the store to write to it: makes it where there is none, and brings an older one up to date.
pub(super) fn open_to_write(path: &Path, patience: Duration, migrations: &[&str]) -> Result<Connection, StoreError> {
    if !is_there(path)? {
        make(path, migrations)?;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).map_err(|error| explain(path, error))?;
    // Without the right to write, SQLite opens the file all the same, to read it.
    if connection.is_readonly("main").map_err(|error| explain(path, error))? {
        return Err(StoreError::ReadOnly { path: path.to_owned() });
    }
    connection.busy_timeout(patience).map_err(|error| explain(path, error))?;
    let found = head(&connection).map_err(|error| explain(path, error))?.form(path, migrations.len() as i64)?;
    prepare(&connection).map_err(|error| explain(path, error))?;
    keep_a_log(&connection, patience).map_err(|error| explain(path, error))?;
    if found < migrations.len() as i64 {
        migrate(&mut connection, path, migrations)?;
    }
    Ok(connection)
}

/// Whether a file is there that can be a store.
pub(super) fn is_there(path: &Path) -> Result<bool, StoreError> {
    let not_opened = |source| StoreError::NotOpened { path: path.to_owned(), source };
    let not_a_store = |found| StoreError::NotAStore { path: path.to_owned(), found };
    // A workspace that somebody else wrote must not lead us out of it.
    let own = path.parent().filter(|folder| folder.ends_with(FOLDER));
    if own.is_some_and(is_link) || (own.is_some() && is_link(path)) {
        return Err(not_a_store("a link"));
    }
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => Err(not_a_store("a folder")),
        Ok(found) if !found.is_file() => Err(not_a_store("something that is no file")),
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(not_opened(source)),
    }
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink())
}

/// What the file says about itself.
pub(super) struct Head {
    application_id: i64,
    form: i64,
    tables: i64,
}

fn head(connection: &Connection) -> rusqlite::Result<Head> {
    let number = |sql| connection.query_row(sql, [], |row| row.get(0));
    Ok(Head {
        application_id: number("PRAGMA application_id")?,
        form: number("PRAGMA user_version")?,
        tables: number("SELECT count(*) FROM sqlite_schema")?,
    })
}

impl Head {
    /// The number of the store's form; 0 for an empty file.
    fn form(&self, path: &Path, known: i64) -> Result<i64, StoreError> {
        let path = path.to_owned();
        match self {
            Head { application_id: 0, form: 0, tables: 0 } => Ok(0),
            Head { application_id: APPLICATION_ID, form, .. } if *form > known => {
                Err(StoreError::Newer { path, found: *form, known })
            }
            Head { application_id: APPLICATION_ID, form: 1.., .. } => Ok(self.form),
            _ => Err(StoreError::NotAStore { path, found: "another program's database" }),
        }
    }
}

/// Whether SQLite needs files beside the database that it may not make.
fn is_unwritable_folder(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied))
}

/// Reads a store in a folder where nothing can be made: as it lies there, which is all of it if no writer left work beside it.
pub(super) fn open_frozen(path: &Path) -> Result<(Head, Connection), StoreError> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    if fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
        return Err(StoreError::Unfinished { path: path.to_owned() });
    }
    // What cannot be opened at all says so with the system's own reason.
    File::open(path).map_err(|source| StoreError::NotOpened { path: path.to_owned(), source })?;
    let not_utf8 = || StoreError::NotOpened { path: path.to_owned(), source: io::ErrorKind::InvalidFilename.into() };
    let name = path.to_str().ok_or_else(not_utf8)?;
    let name = name.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let opened = Connection::open_with_flags(format!("file:{name}?immutable=1"), flags);
    opened.and_then(|connection| Ok((head(&connection)?, connection))).map_err(|error| explain(path, error))
}

/// What every connection of ours has. The store may come from a stranger: nothing in its schema may run code or reach out.
fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // Else a compiled statement that could use a partial index is compiled again for every new value, tenfold the price.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "synchronous", "FULL")
}

/// Turns the write-ahead log on, with which readers never wait. It stays on for the file.
pub(super) fn keep_a_log(connection: &Connection, patience: Duration) -> rusqlite::Result<()> {
    // SQLite does not wait here by itself, and whoever turns it on holds the file for a moment only.
    let end = Instant::now() + patience;
    loop {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && Instant::now() < end => {
                thread::sleep(Duration::from_millis(5));
            }
            other => return other,
        }
    }
}

/// Makes the store: in another file, which then takes the name, so that nobody ever sees half of one.
fn make(path: &Path, migrations: &[&str]) -> Result<(), StoreError> {
    let not_opened = |source: io::Error| match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full { path: path.to_owned() },
        _ => StoreError::NotOpened { path: path.to_owned(), source },
    };
    make_folder(folder_of(path)).map_err(not_opened)?;
    let part = Part::beside(path, PATIENCE).map_err(not_opened)?;
    if is_there(path)? {
        return Ok(()); // somebody was faster: theirs is as good
    }
    let mut connection = Connection::open(part.path()).map_err(|error| explain(path, error))?;
    let made = prepare(&connection)
        .map_err(NotRun::from)
        .and_then(|()| run(&mut connection, migrations, |_| Ok(())))
        .and_then(|()| Ok(keep_a_log(&connection, PATIENCE)?));
    made.map_err(|stop| stop.at(path))?;
    connection.close().map_err(|(_, error)| explain(path, error))?;
    match part.keep(Over::Nothing) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        done => done.map_err(not_opened),
    }
}

/// The folder that a file lies in.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let ignore = folder.join(".gitignore");
    // Local state belongs into no repository. A folder that somebody else named is theirs.
    if folder.ends_with(FOLDER) && !ignore.exists() {
        fs::write(&ignore, "*\n")?;
    }
    Ok(())
}

/// Makes sure that a new name in a folder outlives a power cut.
pub(super) fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Brings an older store up to date, with a copy of what it was beside it: `state.db.form-1`.
fn migrate(connection: &mut Connection, path: &Path, migrations: &[&str]) -> Result<(), StoreError> {
    let mut kept = None;
    let keep = |form: i64| {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        // As it is before our transaction, which nobody but us has.
        let source = Connection::open_with_flags(path, flags).map_err(|error| explain(path, error))?;
        let copy = place_of_older(path, form);
        copy_whole(&source, &copy, Over::Nothing)?;
        kept = Some(copy);
        Ok(())
    };
    run(connection, migrations, keep).map_err(|stop| {
        // The store is as it was, and needs no copy.
        kept.iter().for_each(|copy| drop(fs::remove_file(copy)));
        stop.at(path)
    })
}

/// What stops a step to the next form.
#[derive(Debug)]
pub(super) enum NotRun {
    Database(rusqlite::Error),
    NotKept(StoreError),
}

impl From<rusqlite::Error> for NotRun {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

impl NotRun {
    pub fn at(self, path: &Path) -> StoreError {
        match self {
            Self::Database(error) => explain(path, error),
            Self::NotKept(error) => error,
        }
    }
}

/// Runs what is missing in one transaction. `keep` is called while nobody can write, with the form that is about to go.
pub(super) fn run(
    connection: &mut Connection,
    migrations: &[&str],
    keep: impl FnOnce(i64) -> Result<(), StoreError>,
) -> Result<(), NotRun> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Somebody may have done it while we waited.
    let found = form(&transaction)?;
    let missing = migrations.get(usize::try_from(found).unwrap_or(usize::MAX)..).unwrap_or_default();
    if missing.is_empty() {
        return Ok(());
    }
    if found > 0 {
        keep(found).map_err(NotRun::NotKept)?;
    }
    for migration in missing {
        transaction.execute_batch(migration)?;
    }
    if found == 0 {
        let sql = "INSERT INTO workspace (one, id, epoch) VALUES (1, lower(hex(randomblob(16))), 1)";
        transaction.execute(sql, [])?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    }
    transaction.pragma_update(None, "user_version", migrations.len() as i64)?;
    Ok(transaction.commit()?)
}
