//! The findings about files and what is published: one file each.

pub mod ahead;
pub mod behind;
pub mod deleted_while_active;
pub mod edited_while_active;
pub mod immutable_property;
pub mod pending;
pub mod version_taken;
