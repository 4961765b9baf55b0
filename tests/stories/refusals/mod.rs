//! Every operation of the OpenAPI document refuses whom it must: anonymous callers, those without its permission,
//! those whose permission holds elsewhere; and it masks what is above the caller's clearance.
//!
//! The lists that are proven are compared with the document that the product itself writes. An operation that is
//! proven in another way, or not at all, stands below with the reason.

mod masks;
mod operation;
mod permissions;
mod places;
mod scopes;

pub use operation::{Access, Operation};
pub use permissions::{nowhere, words};
