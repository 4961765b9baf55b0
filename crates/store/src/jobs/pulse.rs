use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use kernel::Timestamp;

/// Pulse (心跳): when the background work of this process last looked for something to do.
#[derive(Clone, Debug, Default)]
pub struct Pulse(Arc<AtomicI64>);

impl Pulse {
    pub(super) fn beat(&self, now: Timestamp) {
        self.0.store(now.ms(), Ordering::Relaxed);
    }

    /// Returns when it last beat; `None` where it never did.
    pub fn last(&self) -> Option<Timestamp> {
        Some(self.0.load(Ordering::Relaxed)).filter(|ms| *ms != 0).map(Timestamp::from_ms)
    }
}
