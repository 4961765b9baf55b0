use std::collections::BTreeMap;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Language (语言) of the product; Chinese first.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
pub enum Language {
    /// Simplified Chinese.
    #[default]
    #[serde(rename = "zh-Hans")]
    ZhHans,
    /// Traditional Chinese as written in Taiwan and Hong Kong.
    #[serde(rename = "zh-Hant")]
    ZhHant,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl Language {
    /// Every language, default first.
    pub const ALL: [Self; 3] = [Self::ZhHans, Self::ZhHant, Self::En];

    /// Returns the BCP 47 tag.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ZhHans => "zh-Hans",
            Self::ZhHant => "zh-Hant",
            Self::En => "en",
        }
    }

    /// Returns the language of one BCP 47 tag, or `None` where it is none of ours.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let tag = tag.to_ascii_lowercase();
        let mut parts = tag.split(['-', '_']);
        match parts.next()? {
            "en" => Some(Self::En),
            "zh" => {
                let traditional = parts.any(|p| matches!(p, "hant" | "tw" | "hk" | "mo"));
                Some(if traditional { Self::ZhHant } else { Self::ZhHans })
            }
            _ => None,
        }
    }

    /// Chooses by an `Accept-Language` header (RFC 9110, section 12.5.4); the default where none fits.
    pub fn negotiate(header: &str) -> Self {
        let mut wanted: Vec<(f32, usize, Self)> = Vec::new();
        for (place, part) in header.split(',').enumerate() {
            let mut pieces = part.split(';');
            let tag = pieces.next().unwrap_or_default().trim();
            let weight = pieces.find_map(|p| p.trim().strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
            if let (Some(language), true) = (Self::from_tag(tag), weight > 0.0) {
                wanted.push((weight, place, language));
            }
        }
        wanted.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        wanted.first().map_or_else(Self::default, |(_, _, language)| *language)
    }
}

/// Text in three languages (多语言文本); an absent language falls back to the default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct LocalText {
    /// Simplified Chinese.
    #[serde(rename = "zh-Hans", default)]
    pub zh_hans: String,
    /// Traditional Chinese.
    #[serde(rename = "zh-Hant", default)]
    pub zh_hant: String,
    /// English.
    #[serde(default)]
    pub en: String,
}

impl LocalText {
    /// Returns the text in `language`, or in the first language that has one.
    pub fn get(&self, language: Language) -> &str {
        let own = match language {
            Language::ZhHans => &self.zh_hans,
            Language::ZhHant => &self.zh_hant,
            Language::En => &self.en,
        };
        [own, &self.zh_hans, &self.zh_hant, &self.en].into_iter().find(|t| !t.is_empty()).map_or("", |t| t)
    }

    /// Returns true where all three languages are written.
    pub fn is_complete(&self) -> bool {
        !(self.zh_hans.is_empty() || self.zh_hant.is_empty() || self.en.is_empty())
    }
}

/// Every sentence that the server itself says (文案), by code.
#[derive(Debug, Default, Clone)]
pub struct TextBook {
    fixed: HashMap<String, LocalText>,
    /// What the packs bring while the program runs; clones share it.
    packs: Arc<RwLock<HashMap<String, LocalText>>>,
}

impl TextBook {
    /// Adds texts; a code that is already there is an error in the program.
    pub fn extend(&mut self, texts: BTreeMap<String, LocalText>) -> Result<(), String> {
        for (code, text) in texts {
            if self.fixed.insert(code.clone(), text).is_some() {
                return Err(format!("text {code} is written twice"));
            }
        }
        Ok(())
    }

    /// Puts the texts that the packs bring now in the place of those that they brought before.
    pub fn bring(&self, texts: impl IntoIterator<Item = (String, LocalText)>) {
        *self.packs.write().unwrap_or_else(PoisonError::into_inner) = texts.into_iter().collect();
    }

    /// Returns every code with its texts, without those of the packs.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &LocalText)> {
        self.fixed.iter()
    }

    /// Returns true where `code` has a text.
    pub fn contains(&self, code: &str) -> bool {
        self.fixed.contains_key(code) || self.of_packs(|texts| texts.contains_key(code))
    }

    /// Returns the sentence for `code` with `{name}` replaced by the arguments; the code itself where none is written.
    pub fn say(&self, language: Language, code: &str, args: &BTreeMap<String, Value>) -> String {
        let sentence = |text: &LocalText| text.get(language).to_owned();
        let found = self.fixed.get(code).map(sentence);
        let found = found.or_else(|| self.of_packs(|texts| texts.get(code).map(sentence)));
        let Some(mut sentence) = found else { return code.to_owned() };
        for (name, value) in args {
            let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            sentence = sentence.replace(&format!("{{{name}}}"), &shown);
        }
        sentence
    }

    fn of_packs<T>(&self, look: impl FnOnce(&HashMap<String, LocalText>) -> T) -> T {
        look(&self.packs.read().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_chooses_and_chinese_is_the_default() {
        assert_eq!(Language::negotiate("zh-TW,zh;q=0.9,en;q=0.8"), Language::ZhHant);
        assert_eq!(Language::negotiate("fr-FR, en;q=0.5, zh-CN;q=0.7"), Language::ZhHans);
        assert_eq!(Language::negotiate("en-GB"), Language::En);
        assert_eq!(Language::negotiate("de"), Language::ZhHans);
        assert_eq!(Language::negotiate("en;q=0, zh"), Language::ZhHans);
    }
}
