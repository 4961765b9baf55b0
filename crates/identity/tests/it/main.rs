//! Stories of the access door, on both databases.

mod accounts;
mod colleagues;
mod delegations;
mod devices;
mod four_eyes;
mod reviews;
mod rights;
mod sample;
mod schema;
mod sign_in;
mod strangers;
mod support;
