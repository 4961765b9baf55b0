use serde::Serialize;
use serde::de::DeserializeOwned;

/// Domain event (领域事件): a fact that one domain tells the others through the outbox.
pub trait DomainEvent: Serialize + DeserializeOwned + Send + Sync {
    /// Its name, `<domain>.<noun>.<what happened>`.
    const KIND: &'static str;
}
