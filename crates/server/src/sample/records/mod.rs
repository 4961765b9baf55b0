//! Records of the sample company (样例记录): how its people work by the rulebook, told as acts at their own times.
//!
//! Each act goes through the service that people use, as the person who does it, by a clock that stands at its
//! moment: machines, separation of duties, checks and keys hold for the sample as for everybody.

mod day;
mod play;
mod story;
mod values;

use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Id, Problem, Result};

use super::{Files, text};

/// The folder of the stories within the sample.
const FOLDER: &str = "records/";

/// Returns true for the files that tell what happens with records.
pub(super) fn is_story(name: &str) -> bool {
    name.starts_with(FOLDER)
}

/// Plays every story of the sample's records up to now; returns how many acts that were.
pub(super) async fn load(
    app: &App,
    org: &identity::sample::SampleOrg,
    brands: &[(String, Id)],
) -> Result<usize> {
    let mut names: Vec<_> = Files::iter().filter(|name| is_story(name)).collect();
    names.sort();
    let mut acts = Vec::new();
    for name in &names {
        acts.extend(story::read(app, name, &text(name))?);
    }
    // At the same moment the order of the files and in them holds.
    acts.sort_by_key(|act| act.at);
    let now = app.store.now();
    let ahead =
        acts.iter().filter(|act| act.at > now).filter_map(|act| act.names().map(str::to_owned)).collect();
    let mut stage = play::Stage::new(app, org, brands, ahead);
    let mut played = 0;
    let mut wrong = Vec::new();
    for act in acts.into_iter().filter(|act| act.at <= now) {
        let place = format!("sample/{}: {}", act.file, act.place);
        match stage.play(act).await {
            Ok(done) => played += usize::from(done),
            Err(problem) => wrong.push(format!("{place}: {}", told(&problem))),
        }
    }
    // Whoever writes stories learns of all that is wrong at once.
    if wrong.is_empty() { Ok(played) } else { Err(Problem::internal(wrong.join("\n"))) }
}

/// Says what went wrong, for whoever writes the stories.
fn told(problem: &Problem) -> String {
    let fields: BTreeMap<&str, &str> =
        problem.fields.iter().map(|field| (field.field.as_str(), field.code.as_str())).collect();
    let below = problem.source.as_ref().map(|source| source.to_string()).unwrap_or_default();
    format!("{} {:?} {fields:?} {below}", problem.code, problem.args)
}
