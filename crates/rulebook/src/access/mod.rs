//! Access (查阅记录): who opened, listed or took what is secret, and who was refused it.

pub mod api;
mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use service::list;
pub(crate) use service::note;

text_enum! {
    /// What somebody did with something secret (查阅方式).
    #[schema(as = SecretAct)]
    pub enum Act {
        /// Opened it.
        View = "view",
        /// Saw it among others; noted once a day.
        List = "list",
        /// Took a file of it.
        Download = "download",
        /// Took it out with a list.
        Export = "export",
        /// Was refused it for want of a valid agreement.
        Refused = "refused",
    }
}

/// One access to something secret (查阅记录), kept for ever.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SecretAccess)]
pub struct Access {
    /// Its id.
    pub id: Id,
    /// Noun of the thing.
    pub subject_noun: String,
    /// The thing.
    pub subject_id: Id,
    /// Its number.
    pub number: String,
    /// What was done.
    pub act: Act,
    /// Name of the file that was taken.
    pub file_name: Option<String>,
    /// Who.
    pub user_id: Id,
    /// Their name then.
    pub user_name: String,
    /// When.
    pub at: Timestamp,
}

impl Labelled for Access {
    const NOUN: &'static str = "rulebook.access";
}

/// Which accesses to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AccessFilter {
    /// Only of this person.
    pub user_id: Option<Id>,
    /// Only of this thing.
    pub subject_id: Option<Id>,
    /// Only of this kind.
    #[param(inline)]
    pub act: Option<Act>,
}

/// An access that is to be noted.
#[derive(Clone, Debug)]
pub(crate) struct Noted<'n> {
    pub noun: &'static str,
    pub id: Id,
    pub number: &'n str,
    pub act: Act,
    pub file_name: Option<&'n str>,
}
