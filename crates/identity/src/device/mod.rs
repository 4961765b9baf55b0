//! Device (设备): the register of equipment that may be used in confidential areas.

pub mod api;
pub mod jobs;
pub mod rules;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

text_enum! {
    /// State (状态) of a device in the register.
    pub enum DeviceState {
        /// Its owner asked for it; IT has not looked at it yet.
        Waiting = "waiting",
        /// IT looked at it.
        Active = "active",
        /// No longer in use.
        Retired = "retired",
    }
}

text_enum! {
    /// Kind (种类) of a device.
    pub enum DeviceKind {
        /// A desktop computer.
        Desktop = "desktop",
        /// A laptop.
        Laptop = "laptop",
        /// A phone.
        Phone = "phone",
        /// A tablet.
        Tablet = "tablet",
        /// A server or storage.
        Server = "server",
    }
}

/// Device (设备) in the register.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Device {
    /// Its id.
    pub id: Id,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// Its serial or inventory number.
    pub serial: Option<String>,
    /// Who answers for it.
    pub owner_id: Id,
    /// The owner's name.
    pub owner_name: String,
    /// The owner's department when it was registered.
    pub department_id: Option<Id>,
    /// True where a browser on it is bound to the entry, so that sessions there count as on this device.
    pub bound: bool,
    /// Where it stands.
    pub state: DeviceState,
    /// True where its storage is encrypted.
    pub encrypted: bool,
    /// By what, such as BitLocker or FileVault.
    pub encryption: Option<String>,
    /// When IT last looked at it.
    pub checked_at: Option<Timestamp>,
    /// Who did.
    pub checked_by: Option<Id>,
    /// Until when that check holds.
    #[serde(default)]
    pub check_due_at: Option<Timestamp>,
    /// True where it may be used in confidential areas now.
    #[serde(default)]
    pub sound: bool,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts its changes.
    pub version: i64,
}

impl Labelled for Device {
    const NOUN: &'static str = "identity.device";
}

/// Device to be entered: the one that the request comes from, or equipment without a browser.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDevice {
    /// What people call it.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// Its serial or inventory number.
    #[schema(max_length = 80)]
    pub serial: Option<String>,
    /// True: the browser that asks is on it.
    pub this_browser: bool,
}

/// What IT found when it looked at a device.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceCheck {
    /// True where its storage is encrypted.
    pub encrypted: bool,
    /// By what, such as BitLocker or FileVault.
    #[schema(max_length = 80)]
    pub encryption: Option<String>,
}

/// Which devices to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DeviceFilter {
    /// Only in this state.
    #[param(inline)]
    pub state: Option<DeviceState>,
    /// Only of this owner.
    pub owner_id: Option<Id>,
    /// True: only those whose check no longer holds.
    pub check_overdue: Option<bool>,
}
