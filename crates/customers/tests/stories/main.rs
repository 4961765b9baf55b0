//! Stories of the customer database, on both databases.

mod consents;
mod identity;
mod imports;
mod matching;
mod members;
mod people;
mod privacy;
mod privacy_desk;
mod samples;
mod scores;
mod sealed;
mod segments;
mod support;
mod tiers;
