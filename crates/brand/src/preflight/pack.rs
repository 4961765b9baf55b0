//! Word pack (用语规则包): dated terms with the law behind them, and where they are harmless.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use kernel::{Labelled, LocalText};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::stream::Stream;
use crate::finding::Severity;

kernel::text_enum! {
    /// What a term of the list does (处理方式).
    pub enum TermSeverity {
        /// It must be mended.
        Block = "block",
        /// The reviewer decides.
        Warn = "warn",
    }
}

impl TermSeverity {
    /// Returns how grave a finding of such a term is.
    pub fn finding(self) -> Severity {
        match self {
            Self::Block => Severity::Serious,
            Self::Warn => Severity::Warning,
        }
    }
}

/// Entry (规则条目): terms that break one rule.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WordPackEntry)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// The terms.
    pub terms: Vec<String>,
    /// What a term does.
    pub severity: TermSeverity,
    /// Key of the law.
    pub law: String,
    /// Why.
    pub why: LocalText,
    /// What to write instead.
    pub suggestion: LocalText,
    /// Phrases in which the terms are harmless.
    #[serde(default)]
    pub exempt: Vec<String>,
    /// Words after which the terms are harmless.
    #[serde(default)]
    pub exempt_before: Vec<String>,
    /// Words before which the terms are harmless.
    #[serde(default)]
    pub exempt_after: Vec<String>,
    /// Sentences that show both; tested.
    pub examples: Examples,
}

/// Sentences that show when an entry fires (示例句).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WordPackExamples)]
pub struct Examples {
    /// Sentences in which it fires.
    pub fires: Vec<String>,
    /// Sentences in which it does not.
    pub exempt: Vec<String>,
}

/// Word pack (用语规则包), as its file says.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WordPack {
    /// Its name.
    pub pack: String,
    /// Its day.
    pub date: String,
    /// Its title.
    pub title: LocalText,
    /// The statutes that it was written from.
    pub basis: Vec<String>,
    /// Pairs of a traditional character and the simplified one that it is compared as.
    #[serde(skip_serializing)]
    pub traditional: String,
    /// The laws by key.
    pub laws: BTreeMap<String, LocalText>,
    /// The entries.
    pub entries: Vec<Entry>,
}

impl Labelled for WordPack {
    const NOUN: &'static str = "brand.word_pack";
}

/// A term that was found.
#[derive(Debug, Clone)]
pub struct Hit<'p> {
    /// The entry.
    pub entry: &'p Entry,
    /// Where in the text it was written.
    pub source: std::ops::Range<usize>,
}

/// A pack, ready to be compared with text.
#[derive(Debug)]
pub struct Matcher {
    /// The pack.
    pub pack: WordPack,
    automaton: AhoCorasick,
    /// What each pattern of the automaton is.
    patterns: Vec<Pattern>,
    simplified: HashMap<char, char>,
}

#[derive(Debug, Clone, Copy)]
struct Pattern {
    entry: usize,
    exempt: bool,
    /// True for terms of letters, which count as whole words alone.
    word: bool,
}

/// How far from a term the words may stand that make it harmless, in bytes of the comparison text.
const NEAR: usize = 30;

/// The pack that ships with the product.
pub static SHIPPED: LazyLock<Matcher> = LazyLock::new(|| {
    let pack = serde_yaml_ng::from_str(include_str!("../../rules/cn_ad_law.yaml"))
        .expect("the shipped pack is tested");
    Matcher::new(pack)
});

impl Matcher {
    /// Makes a pack ready.
    pub fn new(pack: WordPack) -> Self {
        let pairs: Vec<char> = pack.traditional.chars().filter(|c| !c.is_whitespace()).collect();
        let simplified: HashMap<char, char> = pairs.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        let (mut texts, mut patterns) = (Vec::new(), Vec::new());
        for (entry, rule) in pack.entries.iter().enumerate() {
            for (list, exempt) in [(&rule.terms, false), (&rule.exempt, true)] {
                for term in list {
                    texts.push(Stream::of_line(term, |c| c).text);
                    patterns.push(Pattern { entry, exempt, word: term.is_ascii() });
                }
            }
        }
        let automaton = AhoCorasick::new(&texts).expect("a pack is small");
        Self { pack, automaton, patterns, simplified }
    }

    /// Returns the character that a character is compared as.
    pub fn simplify(&self, character: char) -> char {
        self.simplified.get(&character).copied().unwrap_or(character)
    }

    /// Returns the terms in a text, each stretch once: under the gravest entry, then the longest.
    pub fn find(&self, stream: &Stream) -> Vec<Hit<'_>> {
        let (mut terms, mut exempt) = (Vec::new(), Vec::new());
        for found in self.automaton.find_overlapping_iter(&stream.text) {
            let pattern = self.patterns[found.pattern().as_usize()];
            let range = found.start()..found.end();
            if pattern.exempt {
                exempt.push((pattern.entry, range));
            } else if !pattern.word || stream.is_word(&range) {
                terms.push((pattern.entry, range));
            }
        }
        terms.retain(|(entry, range)| {
            let inside = |(other, phrase): &(usize, std::ops::Range<usize>)| {
                other == entry && phrase.start <= range.start && range.end <= phrase.end
            };
            !exempt.iter().any(inside) && !self.harmless(*entry, stream, range)
        });
        terms.sort_by_key(|(entry, range)| {
            let grave = self.pack.entries[*entry].severity == TermSeverity::Warn;
            (grave, std::cmp::Reverse(range.len()), range.start)
        });
        let mut kept: Vec<(usize, std::ops::Range<usize>)> = Vec::new();
        for (entry, range) in terms {
            if kept.iter().all(|(_, other)| range.end <= other.start || other.end <= range.start) {
                kept.push((entry, range));
            }
        }
        kept.sort_by_key(|(_, range)| range.start);
        kept.into_iter()
            .map(|(entry, range)| Hit { entry: &self.pack.entries[entry], source: stream.source(&range) })
            .collect()
    }

    /// Returns true where the words around a term make it harmless, within its sentence.
    fn harmless(&self, entry: usize, stream: &Stream, range: &std::ops::Range<usize>) -> bool {
        let ends = ['。', '！', '？', '!', '?', '；', ';', '\n', ',', '，'];
        let entry = &self.pack.entries[entry];
        let text = stream.text.as_str();
        let before = &text[text.floor_char_boundary(range.start.saturating_sub(NEAR))..range.start];
        let before = &before[before.rfind(ends).map_or(0, |at| text_after(before, at))..];
        let after = &text[range.end..text.ceil_char_boundary((range.end + NEAR).min(text.len()))];
        let after = &after[..after.find(ends).unwrap_or(after.len())];
        entry.exempt_before.iter().any(|word| before.contains(word.as_str()))
            || entry.exempt_after.iter().any(|word| after.contains(word.as_str()))
    }
}

fn text_after(text: &str, at: usize) -> usize {
    at + text[at..].chars().next().map_or(0, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Vec<&'static str> {
        let stream = Stream::of_line(text, |c| SHIPPED.simplify(c));
        SHIPPED.find(&stream).into_iter().map(|hit| hit.entry.id.as_str()).collect()
    }

    #[test]
    fn every_example_of_the_pack_does_what_it_shows() {
        for entry in &SHIPPED.pack.entries {
            assert!(!entry.examples.fires.is_empty() && !entry.examples.exempt.is_empty(), "{}", entry.id);
            for sentence in &entry.examples.fires {
                assert!(
                    ids(sentence).contains(&entry.id.as_str()),
                    "{} in {sentence}: {:?}",
                    entry.id,
                    ids(sentence)
                );
            }
            for sentence in &entry.examples.exempt {
                assert_eq!(ids(sentence), [""; 0], "{} in {sentence}", entry.id);
            }
        }
    }

    #[test]
    fn every_term_fires_alone_and_names_a_law() {
        for entry in &SHIPPED.pack.entries {
            assert!(SHIPPED.pack.laws.get(&entry.law).is_some_and(LocalText::is_complete), "{}", entry.id);
            assert!(entry.why.is_complete() && entry.suggestion.is_complete(), "{}", entry.id);
            for term in &entry.terms {
                assert!(!ids(term).is_empty(), "{term} of {} never fires", entry.id);
                assert!(term.chars().all(|c| SHIPPED.simplify(c) == c), "{term} is not simplified");
            }
        }
    }

    #[test]
    fn everyday_words_do_not_fire() {
        let everyday = "国家统计局的数据：本周末最高气温十二度，最近三天有雨，最后一公里由我们配送。今天下单，\
            明天必达。必须冷藏。一天一个苹果，第一次来的朋友请先注册。高级会员、星级门店、优秀员工、最多三件、\
            最少一件、最早八点、最晚九点。特价、抢购、抽奖规则见活动页。首次下单减十元，首选番茄锅。\
            绝对温度、绝不涨价、唯一的遗憾是你没来。保证金三日退还，保障售后。天然气灶请关好。";
        assert_eq!(ids(everyday), [""; 0]);
        assert_eq!(ids("The best season for hot pot is winter. Step no. 10."), [""; 0]);
    }

    #[test]
    fn the_gravest_entry_names_a_stretch() {
        assert_eq!(ids("有效治愈率高"), ["treats-disease"]);
        assert_eq!(ids("最优惠的一天"), ["superlative-claim"]);
    }
}
