//! `connect`: start a record's way through a sequence.

use crate::lifecycle::Verb;
use crate::operation::changes::RowChange;
use crate::operation::facts::Facts;
use crate::operation::ground::{Failure, Ground};
use crate::operation::rules::already_connected::already_connected;
use crate::operation::rules::record_closed::record_closed;
use crate::operation::rules::unknown_record::unknown_record;
use crate::operation::rules::wrong_record_type::wrong_record_type;
use crate::operation::staging::Decision;
use crate::progress::Connection;
use crate::record::RecordKey;
use crate::sequence::SequenceId;

/// Connects a record to the newest published version of a sequence. It asks the store alone: what a file says changes nothing.
///
/// # Errors
/// Refused: `unknown-sequence`, `not-active`, `unknown-record`, `wrong-record-type`, `record-closed`, `already-connected`.
pub fn connect(ground: &Ground<'_>, id: &SequenceId, record: &RecordKey) -> Result<Decision, Failure> {
    let Some(published) = ground.published(id)? else {
        ground.staging.get(id)?;
        ground.ask(Verb::Connect, id)?;
        return Err(ground.staging.unknown(id.as_str()).into());
    };
    ground.ask(Verb::Connect, id)?;
    let entrance = ground.entrance(id, published.number)?;
    if entrance.record_type != record.record_type {
        return Err(wrong_record_type(id, &entrance.record_type, record).into());
    }
    let Some(known) = ground.record(record)? else { return Err(unknown_record(record).into()) };
    if !known.is_open {
        return Err(record_closed(id, record).into());
    }
    let before = ground.connection(record, id)?;
    if let Some(running) = before.as_ref().filter(|connection| connection.ended.is_none()) {
        return Err(already_connected(running).into());
    }
    let connection = Connection {
        record: record.clone(),
        sequence: id.clone(),
        version: published.number,
        run: before.map_or(1, |before| before.run + 1),
        step: entrance.step,
        connected_at: ground.staging.now(),
        connected_by: ground.actor.to_owned(),
        entered_at: ground.staging.now(),
        ended: None,
    };
    let mut decision = Decision::default();
    decision.done.push(format!("connected {} `{}` to `{id}`", record.record_type, record.id));
    decision.rows.push(RowChange::Connect(connection.clone()));
    decision.connections.push(connection);
    Ok(decision)
}
