//! `disconnect`: end a record's way through a sequence.

use crate::lifecycle::Verb;
use crate::operation::changes::RowChange;
use crate::operation::facts::Facts;
use crate::operation::ground::{Failure, Ground};
use crate::operation::rules::not_connected::not_connected;
use crate::operation::staging::Decision;
use crate::progress::{Connection, EndReason};
use crate::record::RecordKey;
use crate::sequence::SequenceId;

/// Disconnects a record from a sequence.
///
/// # Errors
/// Refused: `unknown-sequence`, `not-connected`.
pub fn disconnect(ground: &Ground<'_>, id: &SequenceId, record: &RecordKey) -> Result<Decision, Failure> {
    let connection = ground.connection(record, id)?;
    let Some(connection) = connection.filter(|connection| connection.ended.is_none()) else {
        if ground.published(id)?.is_none() {
            ground.staging.get(id)?;
        }
        return Err(not_connected(id, record).into());
    };
    ground.ask(Verb::Disconnect, id)?;
    let reason = EndReason::UserDisconnected;
    let ended = Connection { ended: Some((ground.staging.now(), reason)), ..connection };
    let mut decision = Decision::default();
    decision.done.push(format!("disconnected {} `{}` from `{id}`", record.record_type, record.id));
    decision.rows.push(RowChange::End { record: record.clone(), sequence: id.clone(), reason });
    decision.connections.push(ended);
    Ok(decision)
}
