use tokio::runtime::{Handle, RuntimeFlavor};

/// Does work that takes long without holding up the tasks of this thread, where the runtime has others.
pub fn aside<T>(work: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}
