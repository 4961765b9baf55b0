//! The form in which spellings of the same are the same. It is for comparing only: what people are called and where they
//! are reached stays as they wrote it.

use pinyin::ToPinyin;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Full width becomes half width, capitals become small, accents go, and what parts words is one blank.
pub fn text(text: &str) -> String {
    let plain: String = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    // Hangul and kana come together again.
    plain.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect()
}

/// Words that stand before or after a name and are no part of it.
const TITLES: [&str; 12] =
    ["mr", "mrs", "ms", "miss", "dr", "prof", "先生", "女士", "小姐", "太太", "老师", "師傅"];

/// A name without titles; blanks inside a Chinese name are dropped.
pub fn name(name: &str) -> String {
    let mut name = text(name);
    for title in TITLES {
        if let Some(rest) = name.strip_prefix(title).filter(|rest| !title.is_ascii() || rest.starts_with(' '))
        {
            name = rest.trim_start().to_owned();
        }
        if let Some(rest) = name.strip_suffix(title).filter(|rest| !title.is_ascii() || rest.ends_with(' ')) {
            name = rest.trim_end().to_owned();
        }
    }
    match name.chars().any(is_han) {
        true => name.replace(' ', ""),
        false => name,
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Family names of two characters.
const DOUBLE: [&str; 18] = [
    "欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "东方", "東方", "皇甫", "尉迟", "尉遲", "公孙",
    "公孫", "慕容", "夏侯", "令狐", "司徒",
];

/// Family and given name of a name that may be whole: what says the same twice would count twice.
pub fn parts(name: &str, given: &str) -> (String, String) {
    if !given.is_empty() {
        let rest = name.strip_suffix(given).or_else(|| name.strip_prefix(given)).map(str::trim);
        return (rest.filter(|rest| !rest.is_empty()).unwrap_or(name).to_owned(), given.to_owned());
    }
    if name.chars().any(is_han) {
        let family = if DOUBLE.iter().any(|double| name.starts_with(double)) { 2 } else { 1 };
        return (name.chars().take(family).collect(), name.chars().skip(family).collect());
    }
    match name.rsplit_once(' ') {
        Some((given, family)) => (family.to_owned(), given.to_owned()),
        None => (name.to_owned(), String::new()),
    }
}

/// How a name reads: pinyin without tones for Chinese characters, simplified and traditional alike, and words in the order
/// of the alphabet, so that 李娜, Li Na and Na Li read the same.
pub fn reading(name: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut latin = String::new();
    for c in name.chars() {
        match c.to_pinyin() {
            Some(sound) => words.push(sound.plain().to_owned()),
            None if c == ' ' => words.push(std::mem::take(&mut latin)),
            None => latin.push(c),
        }
    }
    words.push(latin);
    words.retain(|word| !word.is_empty());
    words.sort_unstable();
    words.concat()
}

/// An address for comparing: mail services that ignore dots and what follows a plus are many, and one person's two
/// spellings are more likely than two people's addresses that differ only in these.
pub fn email(email: &str) -> String {
    let email = email.trim().to_lowercase();
    let Some((local, domain)) = email.rsplit_once('@') else { return String::new() };
    let local = local.split('+').next().unwrap_or_default();
    let local: String = local.chars().filter(|c| *c != '.').collect();
    let domain = if domain == "googlemail.com" { "gmail.com" } else { domain };
    format!("{local}@{domain}")
}

/// Digits of a number without the country code of China, or those after the international prefix.
pub fn phone(phone: &str) -> String {
    let digits = code(phone);
    let digits = digits.strip_prefix("00").unwrap_or(&digits);
    match digits.strip_prefix("86") {
        Some(rest) if rest.len() == 11 && rest.starts_with('1') => rest.to_owned(),
        _ => digits.to_owned(),
    }
}

/// Letters and digits alone; the fraction that spreadsheets add to a number goes.
pub fn code(code: &str) -> String {
    let folded: String = code.nfkc().flat_map(char::to_lowercase).collect();
    let folded = folded.trim();
    let folded = match folded.strip_suffix(".0") {
        Some(whole) if !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit()) => whole,
        _ => folded,
    };
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Digits of a date, parts of one digit filled to two.
pub fn date(date: &str) -> String {
    let date = code_of_date(date);
    let parts: Vec<&str> =
        date.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    parts.iter().map(|part| if part.len() == 1 { format!("0{part}") } else { (*part).to_owned() }).collect()
}

fn code_of_date(date: &str) -> String {
    let folded: String = date.nfkc().collect();
    let folded = folded.trim();
    folded.strip_suffix(".0").unwrap_or(folded).split(['T', 't']).next().unwrap_or_default().to_owned()
}

/// Words of streets that are written out or shortened.
const SHORT: [(&str, &str); 14] = [
    ("street", "st"),
    ("road", "rd"),
    ("avenue", "ave"),
    ("place", "pl"),
    ("crescent", "cres"),
    ("drive", "dr"),
    ("court", "ct"),
    ("close", "cl"),
    ("circuit", "cct"),
    ("boulevard", "blvd"),
    ("lane", "ln"),
    ("terrace", "tce"),
    ("north", "n"),
    ("south", "s"),
];

/// Words of an address, those of streets in their short form.
pub fn address(address: &str) -> String {
    let words = text(address);
    let short = |word: &str| {
        SHORT.iter().find(|(long, _)| *long == word).map_or_else(|| word.to_owned(), |(_, s)| (*s).to_owned())
    };
    words.split(' ').map(short).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_any_script_read_the_same() {
        assert_eq!(reading(&name("李娜")), reading(&name("Li Na")));
        assert_eq!(reading(&name("歐陽華")), reading(&name("欧阳华")));
        assert_eq!(reading(&name("Ｌｉ　Ｎａ")), "lina");
        assert_eq!(name("林 晓 女士"), "林晓");
        assert_eq!(name("Mr. José Müller"), "jose muller");
        assert_eq!(name("Drake"), "drake", "a title is a word of its own");
    }

    #[test]
    fn a_whole_name_has_two_parts() {
        let is = |name: &str, given: &str| parts(name, given);
        assert_eq!(is("陈子墨", "子墨"), ("陈".to_owned(), "子墨".to_owned()));
        assert_eq!(is("陈子墨", ""), ("陈".to_owned(), "子墨".to_owned()));
        assert_eq!(is("欧阳华", ""), ("欧阳".to_owned(), "华".to_owned()));
        assert_eq!(is("shuzhen jiang", "shuzhen"), ("jiang".to_owned(), "shuzhen".to_owned()));
        assert_eq!(is("mary ann lee", ""), ("lee".to_owned(), "mary ann".to_owned()));
        assert_eq!(
            (is("lee", "mary"), is("lee", "")),
            (("lee".to_owned(), "mary".to_owned()), ("lee".to_owned(), String::new()))
        );
    }

    #[test]
    fn numbers_and_addresses_lose_what_says_nothing() {
        assert_eq!(phone("+86 139-1234-5678"), phone("１３９１２３４５６７８"));
        assert_eq!(phone("0086 13912345678"), "13912345678");
        assert_eq!(phone("+49 170 123"), "49170123");
        assert_eq!(email("Anna.Li+shop@GoogleMail.com"), "annali@gmail.com");
        assert_eq!(email("none"), "");
        assert_eq!(code(" 1804974.0 "), "1804974");
        assert_eq!((date("1971-6-4"), date("19560409.0")), ("19710604".to_owned(), "19560409".to_owned()));
        assert_eq!(date("1990/01/02T00:00:00"), "19900102");
        assert_eq!(address("7 Wallaby Place"), "7 wallaby pl");
    }
}
