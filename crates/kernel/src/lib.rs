//! Floor 0: the words that every other crate speaks.
//!
//! Architecture invariant: nothing here does IO, knows a database or a web framework, or depends
//! on another crate of ours. Time and randomness come in through [`Clock`] and [`Id::new`].

extern crate self as kernel;

mod access;
mod event;
mod id;
mod label;
mod money;
mod page;
pub mod ports;
mod problem;
mod registry;
mod text_enum;
mod texts;
mod time;
mod view;

pub use access::{Actor, Caller, Dimension, Grant, GrantScope, Permission, Scope, Unacknowledged, fits};
pub use event::DomainEvent;
pub use id::Id;
pub use label::{Label, Labelled, Masked, project};
pub use money::{Currency, Money, UnitPrice};
pub use page::{Cursor, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX, Page, PageQuery};
pub use problem::{FieldProblem, Problem, Result};
pub use registry::Registry;
pub use texts::{Language, LocalText, TextBook};
pub use time::{Clock, DAY_MS, Day, HOUR_MS, MINUTE_MS, ManualClock, SystemClock, Timestamp};
pub use view::{Column, ColumnKind, View};

#[doc(hidden)]
pub mod __private {
    pub use serde::{self, Deserialize, Serialize};
    pub use utoipa::ToSchema;
}
