//! Attempt (登录尝试): tries to sign in are slowed down, per account and per address.
//!
//! A stranger who keeps failing slows down an account only for devices that never signed in to it:
//! its owner's own devices have a bucket of their own, and a password reset empties them all.

pub mod rules;
pub mod service;
pub(crate) mod sql;

use std::net::IpAddr;

use kernel::Id;

/// Bucket (计数桶) of failures.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bucket {
    key: String,
    /// Failures before any delay.
    free: i64,
    /// True: many people share it, so one success does not empty it.
    shared: bool,
}

impl Bucket {
    /// The account, for devices that never signed in to it.
    pub fn account(email_key: &str) -> Self {
        Self { key: format!("account/{}", crate::digest::of(email_key)), free: 5, shared: false }
    }

    /// The account, for one device that signed in to it before.
    pub fn device(email_key: &str, device_digest: &str) -> Self {
        let key = crate::digest::of(&format!("{email_key}/{device_digest}"));
        Self { key: format!("device/{key}"), free: 5, shared: false }
    }

    /// Sign-ins from an address.
    pub fn address(address: IpAddr) -> Self {
        Self { key: format!("address/{}", household(address)), free: 30, shared: true }
    }

    /// Mails that somebody at an address had sent.
    pub fn mail_from(address: IpAddr) -> Self {
        Self { key: format!("mail-from/{}", household(address)), free: 20, shared: true }
    }

    /// One's own password, asked for once more.
    pub fn own_password(user_id: Id) -> Self {
        Self { key: format!("own/{user_id}"), free: 5, shared: false }
    }

    /// Mails that somebody had sent to an address.
    pub fn mail(email_key: &str) -> Self {
        Self { key: format!("mail/{}", crate::digest::of(email_key)), free: 3, shared: true }
    }
}

/// Returns an address as far as one customer of a network has it: an IPv6 customer has a whole /64.
fn household(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}
