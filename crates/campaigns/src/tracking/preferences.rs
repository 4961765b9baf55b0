//! Preferences (偏好): what one contact point wants from which brand, as its holder sets it.

use std::collections::BTreeSet;

use http_kit::App;
use kernel::{Id, Language, LocalText, Problem, Result};
use serde::Serialize;
use store::Observation;

use super::PAGES;
use super::sql::{self, Message, Said};
use super::unsubscribe::{Change, MARKETING, note, write};

/// Most fields that a form may bring.
const FIELDS_MAX: usize = 200;
/// Purposes that a person can choose about, in the order of the page.
const PURPOSES: [&str; 3] = [MARKETING, "loyalty", "research"];
const SOURCE: &str = "preference_page";

/// One line of the page.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Choice {
    /// Names the line in the form.
    pub key: String,
    #[serde(skip)]
    pub brand_id: Id,
    #[serde(skip)]
    pub purpose: &'static str,
    /// The brand's name in the page's language.
    pub brand: String,
    /// The sentence that is agreed to.
    pub sentence: String,
    /// What holds now.
    pub granted: bool,
}

/// Returns the lines of a page: the message's own brand, and every brand to which something was said.
pub(super) async fn choices(app: &App, message: &Message, language: Language) -> Result<Vec<Choice>> {
    let said = sql::said(&app.store, message.node_id, &message.channel).await?;
    let mut brands = vec![(message.brand_id, message.brand_name.clone().unwrap_or_default())];
    for Said { brand_id, .. } in &said {
        // A brand that never wrote to anybody has no name here, and nothing to leave.
        if !brands.iter().any(|(known, _)| known == brand_id)
            && let Some(name) = sql::brand_name(&app.store, *brand_id).await?
        {
            brands.push((*brand_id, name));
        }
    }
    Ok(brands.iter().flat_map(|(id, names)| lines(app, language, *id, names, &said)).collect())
}

fn lines(app: &App, language: Language, brand_id: Id, names: &LocalText, said: &[Said]) -> Vec<Choice> {
    let brand = names.get(language);
    let state = |purpose: &str| said.iter().find(|s| s.brand_id == brand_id && s.purpose == purpose);
    // Marketing is always there to be chosen; the others where they were spoken of before.
    PURPOSES
        .into_iter()
        .filter(|purpose| *purpose == MARKETING || state(purpose).is_some())
        .map(|purpose| Choice {
            key: format!("{brand_id}/{purpose}"),
            brand_id,
            purpose,
            brand: brand.to_owned(),
            sentence: PAGES.say(app, language, &format!("consent_{purpose}"), &[("brand", brand)]),
            granted: state(purpose).is_some_and(|s| s.state == "granted"),
        })
        .collect()
}

/// What a person sent from the page.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// Lines that stood on the page.
    shown: BTreeSet<String>,
    /// Those of them that were ticked.
    ticked: BTreeSet<String>,
    /// The button "nothing more from anybody".
    nothing: bool,
}

impl Wanted {
    /// Reads a form.
    pub(super) fn read(body: &[u8]) -> Result<Self> {
        let unreadable = |_| Problem::unprocessable("campaigns.link.form_unreadable");
        let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(body).map_err(unreadable)?;
        if fields.len() > FIELDS_MAX {
            return Err(Problem::unprocessable("campaigns.link.form_unreadable"));
        }
        let mut wanted = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "shown" => drop(wanted.shown.insert(value)),
                "consent" => drop(wanted.ticked.insert(value)),
                "nothing" => wanted.nothing = true,
                _ => {}
            }
        }
        Ok(wanted)
    }

    /// Returns what a line becomes, where it changes. A line that was not on the page stays as it is.
    fn change(&self, choice: &Choice) -> Option<bool> {
        let granted = match self.nothing {
            true => false,
            false if self.shown.contains(&choice.key) => self.ticked.contains(&choice.key),
            false => choice.granted,
        };
        (granted != choice.granted).then_some(granted)
    }
}

/// Writes down what a person wants, each line that changed with the sentence beside it as proof.
pub(super) async fn save(
    app: &App,
    message: &Message,
    wanted: &Wanted,
    language: Language,
    agent: Option<&str>,
) -> Result<()> {
    let choices = choices(app, message, language).await?;
    let mut tx = app.store.begin_observation(Observation::Tracking).await?;
    for choice in choices {
        let Some(granted) = wanted.change(&choice) else { continue };
        let Choice { brand_id, purpose, sentence, .. } = choice;
        let change = Change { brand_id, purpose, granted, shown_text: sentence };
        write(&mut tx, app, message, change, SOURCE, language).await?;
        if !granted && brand_id == message.brand_id && purpose == MARKETING {
            note(&mut tx, message, agent, SOURCE).await?;
        }
    }
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(key: &str, granted: bool) -> Choice {
        let (brand_id, purpose) = (Id::new(), MARKETING);
        Choice { key: key.into(), brand_id, purpose, brand: String::new(), sentence: String::new(), granted }
    }

    #[test]
    fn only_what_stood_on_the_page_changes() {
        let wanted = Wanted::read(b"shown=a&shown=b&consent=a").expect("a form");
        assert_eq!(wanted.change(&choice("a", false)), Some(true));
        assert_eq!(wanted.change(&choice("a", true)), None);
        assert_eq!(wanted.change(&choice("b", true)), Some(false));
        assert_eq!(wanted.change(&choice("c", true)), None);
    }

    #[test]
    fn nothing_more_means_everything() {
        let wanted = Wanted::read(b"shown=a&consent=a&nothing=1").expect("a form");
        assert_eq!(wanted.change(&choice("a", true)), Some(false));
        assert_eq!(wanted.change(&choice("c", true)), Some(false));
        assert_eq!(wanted.change(&choice("d", false)), None);
    }
}
