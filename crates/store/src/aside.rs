use tokio::runtime::{Handle, RuntimeFlavor};

/// Does what may take long while others do what else waits for this thread, where the runtime has other threads.
pub fn aside<T>(work: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}
