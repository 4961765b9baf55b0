//! Query (查询): many questions about events, answered in one pass over the ordered files.
//!
//! A plan says which files, columns and rows matter; each question is a small machine that sees them pass by. Rows carry
//! a bit for each filter that they fit, so that a value is looked at once, however many questions there are.

mod asked;
mod calendar;
mod chunk;
mod funnel;
mod hash;
mod held;
mod machine;
mod pass;
mod people;
mod per_person;
mod plan;
mod retention;
mod rfm;
mod scan;
mod sequence;
mod sieve;
mod total;

pub use self::plan::{Leaf, Plan};
pub use self::scan::Scan;

use std::fs::File;
use std::path::PathBuf;
use std::time::Duration;

use kernel::{Result, Timestamp};
use lake::query::{Answer, Found, Question};

use self::funnel::Funnels;
use self::held::Held;
use self::pass::Pass;
use self::per_person::People;
use self::plan::Share;
use self::retention::Retentions;
use self::rfm::Tiers;
use self::total::Totals;
use store::aside;

use crate::engine::Engine;
use crate::file::broken;
use crate::manifest::{self, LakeFile};

/// Passes at a time; others wait. Each may use a core, and what `held` allows of memory.
pub const AT_A_TIME: usize = 2;

/// Answers questions about the events that are in files.
pub async fn ask(engine: &Engine, questions: &[Question]) -> Result<Vec<Answer>> {
    /// A merge may remove a file before it is opened.
    const TRIES: usize = 3;
    lake::query::check_all(questions)?;
    let _turn = engine.asking.acquire().await.map_err(kernel::Problem::internal)?;
    let mut tries = 0;
    loop {
        // In this order: files that come in between are counted, and the watermark promises less than there is.
        let watermark = manifest::watermark(&engine.store).await?;
        let files = manifest::live(&engine.store).await?;
        tries += 1;
        match aside(|| answer(engine, questions, &files)) {
            Ok(found) => return Ok(stamped(found, watermark)),
            Err(problem) if problem.code == "lake.file_broken" && tries < TRIES => {
                if manifest::live(&engine.store).await? == files {
                    return Err(problem);
                }
            }
            Err(problem) => return Err(problem),
        }
    }
}

fn stamped(found: Vec<Found>, watermark: Option<Timestamp>) -> Vec<Answer> {
    found.into_iter().map(|found| Answer { watermark, found }).collect()
}

fn answer(engine: &Engine, questions: &[Question], files: &[LakeFile]) -> Result<Vec<Found>> {
    let (plan, machines) = plan::plan(questions)?;
    let walks = !plan.by_person.is_empty();
    let opened = open(engine, plan.files(files))?;
    let held = Held::new(Duration::from_secs(engine.settings.query_seconds));
    let mut pass = Pass::new(plan, machines, held);
    if walks {
        let mut scans = Vec::with_capacity(opened.len());
        for Opened { path, file, month, share } in opened {
            scans.push((month, Scan::begin(&path, file, &pass.plan, &share, walks)?));
        }
        people::walk(scans, &mut pass)?;
    } else {
        for Opened { path, file, share, .. } in opened {
            let mut scan = Scan::begin(&path, file, &pass.plan, &share, walks)?;
            while pass.advance(&mut scan)? {}
        }
    }
    Ok(pass.found())
}

/// A file that stays readable, whoever removes it.
struct Opened {
    path: PathBuf,
    file: File,
    month: String,
    share: Share,
}

fn open(engine: &Engine, files: Vec<(&LakeFile, Share)>) -> Result<Vec<Opened>> {
    let folder = engine.settings.files();
    let open = |(known, share): (&LakeFile, Share)| {
        let path = folder.join(&known.name);
        let file = File::open(&path).map_err(|error| broken(&path, error))?;
        Ok(Opened { path, file, month: known.month.clone(), share })
    };
    files.into_iter().map(open).collect()
}
