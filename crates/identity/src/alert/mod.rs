//! Alert (登录提醒): a sign-in that may be somebody else's; its owner is asked by mail and on "my work".

pub mod api;
pub mod rules;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

text_enum! {
    /// Reason (原因) of an alert.
    pub enum Reason {
        /// The account was never used on this device.
        NewDevice = "new_device",
        /// It was used elsewhere within the hour.
        Elsewhere = "elsewhere",
    }
}

text_enum! {
    /// Answer (答复) of the account's owner.
    pub enum Answer {
        /// It was they.
        Me = "me",
        /// It was somebody else.
        NotMe = "not_me",
    }
}

/// Alert (登录提醒) about a sign-in.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Alert {
    /// Its id.
    pub id: Id,
    /// Whose account it is about.
    pub user_id: Id,
    /// The session that began.
    pub session_id: Id,
    /// Why it is strange.
    pub reasons: Vec<Reason>,
    /// Browser and system.
    pub device_name: String,
    /// Address.
    pub address: String,
    /// What the owner said.
    pub answer: Option<Answer>,
    /// When.
    pub answered_at: Option<Timestamp>,
    /// When the sign-in was.
    pub created_at: Timestamp,
}

impl Labelled for Alert {
    const NOUN: &'static str = "identity.alert";
}

/// What is known of a sign-in.
#[derive(Clone, Debug)]
pub(crate) struct SignInFacts {
    pub session_id: Id,
    pub device_digest: String,
    pub agent_family: String,
    pub network: String,
    pub device_name: String,
    pub address: String,
}
