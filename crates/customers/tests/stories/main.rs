//! Stories of the customer database, on both databases.

mod consents;
mod identity;
mod imports;
mod insight_reports;
mod insights;
mod matching;
mod members;
mod needs;
mod people;
mod privacy;
mod privacy_desk;
mod samples;
mod scores;
mod sealed;
mod segments;
mod staff;
mod support;
mod tiers;
mod upkeep;
