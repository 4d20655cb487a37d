//! The verbs: one file each. Every one decides and does nothing.

mod activate;
mod apply;
mod assign;
mod clone;
mod connect;
mod deactivate;
mod delete;
mod discard;
mod disconnect;
mod edit;
mod new;
mod rename;
mod restore;
mod purge;
mod revise;
mod tag;
mod tags;
mod undo;

pub use activate::activate;
pub use apply::{Application, Followed, Following, apply};
pub use assign::assign;
pub use clone::{Copy, clone};
pub use connect::connect;
pub use deactivate::deactivate;
pub use delete::delete;
pub use discard::discard;
pub use disconnect::disconnect;
pub use edit::{change, edit, editable};
pub use new::{Blank, new};
pub use purge::purge;
pub use rename::rename;
pub use restore::{RESTORE, restore};
pub use revise::revise;
pub use tag::{tag, untag};
pub use tags::{delete_tag, rename_tag, sequences_with_tag};
pub use undo::{Undoing, undo};
