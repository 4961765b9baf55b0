//! What people can be found by, and what a search asks for.

use std::collections::BTreeSet;

use crate::node::{Key, NodeKind};

/// Most terms of one name: what is longer is found by its beginning.
const TERMS_MAX: usize = 60;
/// Letters in a row by which words are found; shorter ones are found where a word begins with them.
const GRAM: usize = 3;
/// Ends of mobile numbers that people type: the last four digits, and whole numbers without the code of their country (Hong
/// Kong 8, Taiwan 9, America 10, the mainland 11).
const ENDS: [usize; 5] = [4, 8, 9, 10, 11];
/// What stands in a mobile number beside digits.
const BESIDE_DIGITS: &str = "+-.()（） ";

/// Returns what a name is found by: each Chinese character and each two in a row; of other words three letters in a row
/// and how they begin.
pub fn name_terms(name: &str) -> BTreeSet<String> {
    let Words { han, others } = words(name);
    let mut terms = BTreeSet::new();
    terms.extend(han.iter().map(|one| format!("n:{one}")));
    terms.extend(han.windows(2).map(|two| format!("n:{}{}", two[0], two[1])));
    for word in others {
        terms.extend((1..GRAM).filter_map(|length| beginning(&word, length)));
        terms.extend(grams(&word));
    }
    terms.into_iter().take(TERMS_MAX).collect()
}

/// Returns what an identifier is found by: an address whole, before and behind its `@`, and by the parts of either; a mobile
/// number whole and by its end; that of a card by three characters in a row, to be compared then, because it lies plain.
/// Accounts and devices nobody types.
pub fn node_terms(key: &Key) -> BTreeSet<String> {
    let value = &key.value;
    match key.kind {
        NodeKind::Email => {
            let Some((local, domain)) = value.rsplit_once('@') else { return BTreeSet::new() };
            let mut terms: BTreeSet<String> =
                [format!("m:{value}"), format!("a:{local}"), format!("d:{domain}")].into();
            terms.extend(
                local
                    .split(['.', '_', '-', '+'])
                    .filter(|part| part.len() > 1)
                    .map(|part| format!("a:{part}")),
            );
            let mut above = domain;
            while let Some((_, rest)) = above.split_once('.').filter(|(_, rest)| rest.contains('.')) {
                terms.insert(format!("d:{rest}"));
                above = rest;
            }
            terms
        }
        NodeKind::Mobile => {
            let digits = digits(value);
            let ends =
                ENDS.iter().filter_map(|length| digits.len().checked_sub(*length).map(|at| &digits[at..]));
            ends.chain([digits.as_str()]).map(|end| format!("t:{end}")).collect()
        }
        NodeKind::MemberNumber => card_terms(value),
        NodeKind::UserId | NodeKind::AnonymousId => BTreeSet::new(),
    }
}

fn card_terms(number: &str) -> BTreeSet<String> {
    grams(&number.to_lowercase()).into_iter().map(|three| format!("c{three}")).take(TERMS_MAX).collect()
}

/// What a search asks for; each part is a way of its own of being found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Terms that a name must have, all of them; none where no name is meant.
    pub name: BTreeSet<String>,
    /// Terms of which an identifier must have one.
    pub nodes: BTreeSet<String>,
    /// Terms that the number of a card must have, all of them; none where the text is too short.
    pub card: BTreeSet<String>,
    /// True where every card's number has to be looked at.
    pub any_card: bool,
}

/// Reads what somebody typed.
pub fn wanted(text: &str) -> Wanted {
    let card = card_terms(text.trim());
    let any_card = card.is_empty() && !text.chars().any(is_han);
    let text = folded(text.trim());
    let mut wanted = Wanted { card, any_card, ..Wanted::default() };
    if let Some((local, domain)) = text.rsplit_once('@') {
        wanted.nodes.insert(match (local.is_empty(), domain.contains('.')) {
            (true, _) => format!("d:{domain}"),
            (false, true) => format!("m:{text}"),
            // The domain is not typed to its end.
            (false, false) => format!("a:{local}"),
        });
        return wanted;
    }
    wanted.nodes.extend(number(&text));
    if !text.is_empty() && !text.contains(char::is_whitespace) {
        wanted.nodes.extend([format!("a:{text}"), format!("d:{text}")]);
    }
    let Words { han, others } = words(&text);
    match han.as_slice() {
        [] => {}
        [one] => drop(wanted.name.insert(format!("n:{one}"))),
        many => wanted.name.extend(many.windows(2).map(|two| format!("n:{}{}", two[0], two[1]))),
    }
    for word in others {
        let short = word.chars().count() < GRAM;
        wanted.name.extend(beginning(&word, word.chars().count()).filter(|_| short));
        wanted.name.extend(grams(&word));
    }
    wanted
}

/// A number as people type it: its end, with or without the zero that stands before it within a country.
fn number(text: &str) -> Vec<String> {
    if !text.chars().all(|c| c.is_ascii_digit() || BESIDE_DIGITS.contains(c)) {
        return Vec::new();
    }
    let typed = digits(text);
    if typed.len() < ENDS[0] {
        return Vec::new();
    }
    let international = typed.strip_prefix("00").filter(|rest| rest.len() > ENDS[0]);
    let national = typed.strip_prefix('0').filter(|rest| rest.len() > ENDS[0] && !rest.starts_with('0'));
    [Some(typed.as_str()), international, national]
        .into_iter()
        .flatten()
        .map(|end| format!("t:{end}"))
        .collect()
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// A text in words: Chinese (and Japanese, Korean) characters in a row whatever stands between them, others as they are
/// parted.
struct Words {
    han: Vec<char>,
    others: Vec<String>,
}

fn words(text: &str) -> Words {
    let (mut han, mut others, mut word) = (Vec::new(), Vec::new(), String::new());
    for character in folded(text).chars() {
        let is_han = is_han(character);
        if is_han {
            han.push(character);
        } else if character.is_alphanumeric() {
            word.push(character);
            continue;
        }
        if !word.is_empty() {
            others.push(std::mem::take(&mut word));
        }
    }
    if !word.is_empty() {
        others.push(word);
    }
    Words { han, others }
}

/// Small letters, and those of full width as the usual ones.
fn folded(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    };
    text.chars().map(narrow).flat_map(char::to_lowercase).collect()
}

fn is_han(character: char) -> bool {
    matches!(u32::from(character),
        0x3005..=0x3007 | 0x3040..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xac00..=0xd7a3 | 0xf900..=0xfaff
        | 0x20000..=0x323af)
}

fn beginning(word: &str, length: usize) -> Option<String> {
    let begins: String = word.chars().take(length).collect();
    (begins.chars().count() == length).then(|| format!("b:{begins}"))
}

fn grams(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    letters.windows(GRAM).map(|three| format!("g:{}", three.iter().collect::<String>())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(name: &str, text: &str) -> bool {
        let wanted = wanted(text).name;
        !wanted.is_empty() && wanted.is_subset(&name_terms(name))
    }

    fn finds_node(kind: NodeKind, value: &str, text: &str) -> bool {
        let key = Key::new(kind, value).expect(value);
        !wanted(text).nodes.is_disjoint(&node_terms(&key))
    }

    #[test]
    fn names_are_found_by_what_people_type() {
        for text in ["王", "明", "王晓", "晓明", "王晓明", "王 晓明"] {
            assert!(finds("王晓明", text), "{text}");
        }
        for text in ["李", "王明", "晓明王", "%", "", "Wang"] {
            assert!(!finds("王晓明", text), "{text}");
        }
        for text in ["A", "an", "ANNA", "nna", "li", "Anna Li", "li anna", "ａｎｎａ"] {
            assert!(finds("Anna Li", text), "{text}");
        }
        for text in ["n", "anne", "na"] {
            assert!(!finds("Anna Li", text), "{text}");
        }
        assert!(
            finds("欧阳·娜娜 (Nana)", "阳娜") && finds("Zoë Müller", "müll") && finds("陈 Tony", "tony陈")
        );
    }

    #[test]
    fn cards_are_found_by_any_part_of_their_number() {
        let key = Key::new(NodeKind::MemberNumber, "M-2026-000017").expect("a number");
        for text in ["0017", "m-2026", "26-0", "M-2026-000017"] {
            assert!(wanted(text).card.is_subset(&node_terms(&key)) && !wanted(text).any_card, "{text}");
        }
        assert!(wanted("17").any_card && wanted("17").card.is_empty());
        assert!(!wanted("王").any_card && !wanted("0018").card.is_subset(&node_terms(&key)));
    }

    #[test]
    fn addresses_are_found_whole_and_by_their_parts() {
        let found = |text| finds_node(NodeKind::Email, "anna.li@mail.example.com", text);
        for text in [
            "anna.li@mail.example.com",
            "Anna.Li@",
            "anna.li@ma",
            "anna",
            "li",
            "anna.li",
            "@mail.example.com",
            "example.com",
        ] {
            assert!(found(text), "{text}");
        }
        for text in ["anna.li@example.org", "@example.org", "ann", "com", "@"] {
            assert!(!found(text), "{text}");
        }
    }

    #[test]
    fn numbers_are_found_whole_and_by_their_end() {
        let found = |value, text| finds_node(NodeKind::Mobile, value, text);
        for text in
            ["8000", "13800138000", "138 0013 8000", "+86 138-0013-8000", "008613800138000", "8613800138000"]
        {
            assert!(found("13800138000", text), "{text}");
        }
        for text in ["000", "1380", "13800138001", "0138"] {
            assert!(!found("13800138000", text), "{text}");
        }
        assert!(found("+886912345678", "0912345678") && found("+886912345678", "0912-345-678"));
        assert!(found("+85291234567", "9123 4567") && !found("+85291234567", "1234567"));
    }
}
