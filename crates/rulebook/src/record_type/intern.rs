use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

static KNOWN: Mutex<Option<HashSet<&'static str>>> = Mutex::new(None);

/// Returns the text for as long as the program runs; the same text is kept once.
///
/// Names of packs (types, fields, permissions) become names in views, permissions and audit rows, which are fixed
/// texts everywhere else. Packs are few and checked, so what is kept stays small.
pub fn intern(text: &str) -> &'static str {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    if let Some(kept) = known.get(text) {
        return kept;
    }
    let kept: &'static str = Box::leak(text.to_owned().into_boxed_str());
    known.insert(kept);
    kept
}
