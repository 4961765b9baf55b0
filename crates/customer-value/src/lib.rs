//! Floor 0: what customers are worth (客户价值): how recently, how often and for how much they buy (RFM), whether they are
//! still customers and how much they will buy, and groups of people who are alike.
//!
//! Purchases follow the BG/NBD model (Fader, Hardie and Lee 2005, "Counting Your Customers" the Easy Way), what a purchase
//! costs the gamma-gamma model (Fader and Hardie 2013). Both are fitted by maximum likelihood, and both say how wrong they
//! were about a part of the window that they had not seen. Groups are found by k-means++ (Arthur and Vassilvitskii 2007)
//! over features that have the same say each.
//!
//! Architecture invariants: pure (no IO, no clock, no random source: draws come from a fixed sequence), and the same data
//! give the same answer.

mod cluster;
mod draw;
mod feature;
mod history;
mod minimise;
mod persona;
mod purchase;
mod rfm;
mod special;
mod spend;
mod tier;
mod train;

pub use cluster::{adjusted_rand, silhouette};
pub use feature::{Feature, Values};
pub use history::{Purchase, Summary, summarise};
pub use persona::{Group, GroupsWanted, PEOPLE_MIN, Personas, TooFewPeople, Trait, group};
pub use purchase::PurchaseModel;
pub use rfm::{Activity, Band, Digits, RFM_SEGMENTS, RfmSegment, digits};
pub use spend::SpendModel;
pub use tier::{SHARES, ValueTier, tiers};
pub use train::{
    CUSTOMERS_MIN, Error, Forecast, HOLD_OUT, Horizon, Model, REPEAT_BUYERS_MIN, TooLittle, Trained,
    WEEKS_MIN, train,
};

/// Days of a week, in which the models count.
pub(crate) const WEEK: f64 = 7.0;
