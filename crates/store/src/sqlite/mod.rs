//! SQLite, in the thread that asks (嵌入式数据库).
//!
//! Most statements take some microseconds. A driver that hands each of them to a thread of its own and waits for the
//! answer spends several times that on waking threads, and a change of eight statements holds up all others meanwhile.

mod connection;
mod group;
mod readers;
mod table;

pub(crate) use connection::Connection;
pub(crate) use group::{Turn, Writer};
pub(crate) use readers::{Reader, Readers};
pub(crate) use table::Table;
