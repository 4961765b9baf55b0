//! Words of a text, without a dictionary: where words stand between spaces they are taken as they are; Chinese, Japanese
//! and Korean is taken by pairs of characters, as search engines do it for want of anything better (Lucene's CJKAnalyzer).

/// Most characters of a text that are looked at.
pub const TEXT_MAX: usize = 400;
/// Most characters of a phrase that names a cluster.
pub const PHRASE_MAX: usize = 8;

/// Characters that hold sentences together and are no part of what they are about.
const JOINTS: &str = "的了吗呢吧啊呀哦嘛也就都很太更最和与與及或但我你您他她它们們是在把被让讓给給有没沒不要想请請这這那个個些什么麼怎";
/// The same of English.
const STOP: [&str; 44] = [
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "can", "do", "for", "from", "has", "have", "i",
    "in", "is", "it", "its", "me", "my", "no", "not", "of", "on", "or", "our", "so", "some", "than", "that",
    "the", "their", "there", "they", "this", "to", "was", "we", "were", "with", "you", "your",
];

/// Run (文本段) of a text: characters between signs, spaces and joints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// Characters of a script without spaces.
    Dense(Vec<char>),
    /// A word.
    Word(String),
}

/// Makes texts comparable: width, case and space.
pub fn normal(text: &str) -> String {
    let mut said = String::with_capacity(text.len());
    for mark in text.chars().take(TEXT_MAX) {
        let mark = match mark {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(mark as u32 - 0xfee0).unwrap_or(mark),
            mark if mark.is_whitespace() || mark.is_control() => ' ',
            mark => mark,
        };
        if mark != ' ' || !(said.is_empty() || said.ends_with(' ')) {
            said.extend(mark.to_lowercase());
        }
    }
    said.trim_end().to_owned()
}

/// Splits a normal text into runs.
pub fn runs(text: &str) -> Vec<Run> {
    let (mut found, mut dense, mut word) = (Vec::new(), Vec::new(), String::new());
    for mark in text.chars().chain([' ']) {
        let is_dense = is_dense(mark) && !JOINTS.contains(mark);
        let is_letter = !self::is_dense(mark) && mark.is_alphanumeric();
        if !is_dense && !dense.is_empty() {
            found.push(Run::Dense(std::mem::take(&mut dense)));
        }
        if !is_letter && !word.is_empty() {
            let stem = stem(&std::mem::take(&mut word));
            if !STOP.contains(&stem.as_str()) {
                found.push(Run::Word(stem));
            }
        }
        if is_dense {
            dense.push(mark);
        } else if is_letter {
            word.push(mark);
        }
    }
    found
}

/// Returns the words by which a normal text is compared with others; one that comes twice stands there twice.
pub fn tokens(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for run in runs(text) {
        match run {
            Run::Word(word) => found.push(word),
            Run::Dense(marks) if marks.len() == 1 => found.push(marks[0].to_string()),
            Run::Dense(marks) => found.extend(marks.windows(2).map(|pair| pair.iter().collect::<String>())),
        }
    }
    found
}

fn is_dense(mark: char) -> bool {
    matches!(mark,
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}'
        | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ac00}'..='\u{d7af}' | '々')
}

/// Takes the ending of a plural off (S-stemmer, Harman 1991).
fn stem(word: &str) -> String {
    let ends = |end: &str, but: &[&str]| word.ends_with(end) && !but.iter().any(|but| word.ends_with(but));
    if word.len() > 3 && word.is_ascii() {
        if ends("ies", &["eies", "aies"]) {
            return format!("{}y", &word[..word.len() - 3]);
        }
        if ends("es", &["aes", "ees", "oes"]) || ends("s", &["us", "ss", "es"]) {
            return word[..word.len() - 1].to_owned();
        }
    }
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_and_space_make_no_difference() {
        assert_eq!(normal("　ＭＩＬＫ\t 无糖  "), "milk 无糖");
        assert_eq!(tokens(&normal("Sugar-free Yoghurts")), ["sugar", "free", "yoghurt"]);
        assert_eq!(tokens("berries and cheeses"), ["berry", "cheese"]);
    }

    #[test]
    fn chinese_goes_by_pairs_between_joints() {
        assert_eq!(tokens("无糖酸奶"), ["无糖", "糖酸", "酸奶"]);
        assert_eq!(tokens("酸奶的盖子太难撕"), ["酸奶", "盖子", "难撕"]);
        assert_eq!(tokens("鱼"), ["鱼"]);
        assert!(tokens("的？！").is_empty());
    }
}
