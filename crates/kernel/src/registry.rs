use std::sync::{Arc, PoisonError, RwLock};

/// What the modules bring, and what the packs bring while the program runs (登记表). Clones share it.
#[derive(Clone, Debug)]
pub struct Registry<T> {
    fixed: Arc<[T]>,
    all: Arc<RwLock<Arc<[T]>>>,
}

impl<T: Copy> Registry<T> {
    /// Returns what the modules bring.
    pub fn fixed(&self) -> &[T] {
        &self.fixed
    }

    /// Returns everything that there is now: the modules' first, then the packs'.
    pub fn all(&self) -> Arc<[T]> {
        self.all.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts what the packs bring now in the place of what they brought before.
    pub fn bring(&self, packs: impl IntoIterator<Item = T>) {
        let all = self.fixed.iter().copied().chain(packs).collect();
        *self.all.write().unwrap_or_else(PoisonError::into_inner) = all;
    }
}

impl<T: Copy> From<Vec<T>> for Registry<T> {
    fn from(fixed: Vec<T>) -> Self {
        let fixed: Arc<[T]> = fixed.into();
        Self { all: Arc::new(RwLock::new(fixed.clone())), fixed }
    }
}
