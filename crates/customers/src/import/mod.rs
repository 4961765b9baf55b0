//! Import of customers (客户导入): several identifiers, facts and consents per row.

mod fields;
mod target;

pub use target::CustomerTarget;
