//! What follows from rights is worked out once: a role stands for hundreds of permissions, and every request asks anew.
//! The rights themselves are still read for every request, so nothing outlives its revocation.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use kernel::{Grant, Id, Label, Permission};

use super::rules::{self, Narrowing, Right};

/// Most answers that are kept; then all are forgotten.
const KEPT_MAX: usize = 1_000;

/// Everything that the answer depends on, beside the permissions that there are.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Asked {
    pub rights: Vec<Right>,
    pub departments: Vec<(Id, Option<Id>)>,
    pub narrowing: Narrowing,
}

type Answer = (Arc<[Grant]>, Label);

/// Answers for one list of permissions; another list begins anew.
#[derive(Default)]
struct Kept {
    all: Arc<[Permission]>,
    answers: HashMap<Asked, Answer>,
}

static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);

/// Returns the grants and the clearance of one request, as `rules::effective` does.
pub fn effective(asked: Asked, all: &Arc<[Permission]>) -> Answer {
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if !Arc::ptr_eq(&kept.all, all) || kept.answers.len() >= KEPT_MAX {
        *kept = Kept { all: all.clone(), answers: HashMap::new() };
    }
    if let Some(known) = kept.answers.get(&asked) {
        return known.clone();
    }
    let (grants, clearance) = rules::effective(&asked.rights, all, &asked.departments, &asked.narrowing);
    let answer = (Arc::from(grants), clearance);
    kept.answers.insert(asked, answer.clone());
    answer
}
