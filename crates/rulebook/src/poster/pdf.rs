use kernel::Language;

use crate::clause::ClauseSpec;
use crate::pack::Text;
use crate::print::{Book, Pages, Style};

const LANGUAGES: [Language; 3] = [Language::ZhHans, Language::ZhHant, Language::En];
const TITLE: Style = Style { size: 30.0, indent: 0.0, grey: 0.0, above: 22.0 };
const TEXT: Style = Style { size: 17.0, indent: 0.0, grey: 0.15, above: 6.0 };
const SOURCE: Style = Style { size: 10.0, indent: 0.0, grey: 0.4, above: 8.0 };

/// Writes the poster of a clause: the same words in three languages, one below the other.
pub fn write(clause: &ClauseSpec, document: &Text) -> Vec<u8> {
    Book::new(clause.title.get(Language::ZhHans), Language::ZhHans, &clause.id).finish(&set(clause, document))
}

fn set(clause: &ClauseSpec, document: &Text) -> Pages {
    let mut pages = Pages::new();
    for (place, language) in LANGUAGES.into_iter().enumerate() {
        if place > 0 {
            pages.rule();
        }
        pages.paragraph(clause.title.get(language), TITLE);
        pages.paragraph(clause.text.get(language), TEXT);
        pages.paragraph(&format!("{} {}", document.get(language), clause.id), SOURCE);
    }
    pages
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::LocalText;

    #[test]
    fn a_poster_says_it_in_three_languages_on_one_page() {
        let three = |hans: &str, hant: &str, en: &str| {
            Text(LocalText { zh_hans: hans.into(), zh_hant: hant.into(), en: en.into() })
        };
        let clause: ClauseSpec = serde_yaml_ng::from_str(
            "{id: MO-7.2.3, department: market, title: {zh-Hans: 办公提醒, zh-Hant: 辦公提醒, en: Reminders}, \
             text: {zh-Hans: 提醒保密。, zh-Hant: 提醒保密。, en: Keep it confidential.}}",
        )
        .expect("a clause");
        let rules = three("制度", "制度", "Rules");
        let pages = set(&clause, &rules);
        let lines: Vec<&str> = pages.sheets[0].lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(pages.sheets.len(), 1);
        for said in ["办公提醒", "辦公提醒", "Reminders", "Keep it confidential.", "Rules MO-7.2.3"] {
            assert!(lines.contains(&said), "{lines:?}");
        }
        assert!(write(&clause, &rules).starts_with(b"%PDF-"));
    }
}
