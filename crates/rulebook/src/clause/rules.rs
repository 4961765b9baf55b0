use kernel::{HOUR_MS, Timestamp};

use super::{Status, StatusCounts, TrendWeek};
use crate::control::Coverage;
use crate::run::Verdict;

/// What one connected control says of a clause.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    pub coverage: Coverage,
    /// True where it is about what seldom happens.
    pub occasional: bool,
    /// What its newest run found; absent before the first.
    pub verdict: Option<Verdict>,
    /// When it was last found.
    pub checked_at: Option<Timestamp>,
}

/// How a clause stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub status: Status,
    pub coverage: Option<Coverage>,
    pub stale: bool,
    pub checked_at: Option<Timestamp>,
    /// True where a person's word stands over what was derived.
    pub overridden: bool,
}

/// Derives how a clause stands from its connected controls.
///
/// One broken control breaks it. It is followed where a control that shows all of it says so, or where
/// every control says so; it is attested where people's signatures stand in place of some of that; otherwise too
/// little is known. A control about what seldom happens says
/// nothing while nothing happened, unless it is the only one.
pub fn derive(words: &[Word], now: Timestamp, stale_hours: i64) -> Standing {
    let silent = |word: &&Word| word.occasional && word.verdict == Some(Verdict::Insufficient);
    let speaking: Vec<&Word> = words.iter().filter(|word| !silent(word)).collect();
    let verdicts: Vec<Option<Verdict>> = speaking.iter().map(|word| word.verdict).collect();
    let full_says =
        |verdict| words.iter().any(|w| w.coverage == Coverage::Full && w.verdict == Some(verdict));
    let all_say = |fits: fn(Verdict) -> bool| {
        !verdicts.is_empty() && verdicts.iter().all(|verdict| verdict.is_some_and(fits))
    };
    let status = if words.is_empty() {
        Status::Uncovered
    } else if verdicts.contains(&Some(Verdict::Broken)) {
        Status::Broken
    } else if full_says(Verdict::Followed) || all_say(|v| v == Verdict::Followed) {
        Status::Followed
    } else if full_says(Verdict::Attested) || all_say(|v| matches!(v, Verdict::Followed | Verdict::Attested))
    {
        Status::Attested
    } else {
        Status::Insufficient
    };
    let full = words.iter().any(|word| word.coverage == Coverage::Full);
    let coverage = (!words.is_empty()).then_some(if full { Coverage::Full } else { Coverage::Partial });
    let oldest = words.iter().map(|word| word.checked_at).min().flatten();
    let limit = now.plus_ms(-stale_hours.saturating_mul(HOUR_MS));
    let stale = words.iter().any(|word| word.checked_at.is_some_and(|at| at < limit));
    Standing { status, coverage, stale, checked_at: oldest, overridden: false }
}

impl StatusCounts {
    /// Counts one more clause.
    pub fn add(&mut self, standing: &Standing) {
        self.clauses += 1;
        self.covered += u32::from(standing.status != Status::Uncovered);
        self.stale += u32::from(standing.stale);
        self.overridden += u32::from(standing.overridden);
        match standing.status {
            Status::Followed => self.followed += 1,
            Status::Broken => self.broken += 1,
            Status::Insufficient => self.insufficient += 1,
            Status::Attested => self.attested += 1,
            Status::Uncovered => self.uncovered += 1,
        }
    }
}

/// Puts the trends of the controls of a clause together: broken goes before insufficient before followed.
pub fn weekly(weeks: &[Timestamp], trends: &[Vec<Option<Verdict>>]) -> Vec<TrendWeek> {
    let worst = |place: usize| {
        let found = trends.iter().filter_map(|trend| trend.get(place).copied().flatten());
        found.max_by_key(|verdict| match verdict {
            Verdict::Followed => 0,
            Verdict::Attested => 1,
            Verdict::Insufficient => 2,
            Verdict::Broken => 3,
        })
    };
    weeks.iter().enumerate().map(|(place, from)| TrendWeek { from: *from, verdict: worst(place) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_ms(1_795_334_400_000);

    fn word(coverage: Coverage, verdict: Option<Verdict>) -> Word {
        Word { coverage, occasional: false, verdict, checked_at: verdict.map(|_| NOW) }
    }

    fn status(words: &[Word]) -> Status {
        derive(words, NOW, 24).status
    }

    #[test]
    fn one_broken_control_breaks_the_clause_and_none_leaves_it_uncovered() {
        let followed = word(Coverage::Full, Some(Verdict::Followed));
        assert_eq!(status(&[]), Status::Uncovered);
        assert_eq!(status(&[followed]), Status::Followed);
        assert_eq!(status(&[followed, word(Coverage::Partial, Some(Verdict::Broken))]), Status::Broken);
    }

    #[test]
    fn silence_is_not_consent() {
        let partial = word(Coverage::Partial, Some(Verdict::Followed));
        let silent = word(Coverage::Partial, Some(Verdict::Insufficient));
        assert_eq!(status(&[partial, silent]), Status::Insufficient);
        assert_eq!(status(&[word(Coverage::Full, None)]), Status::Insufficient);
        assert_eq!(status(&[word(Coverage::Full, Some(Verdict::Followed)), silent]), Status::Followed);
    }

    #[test]
    fn what_seldom_happens_holds_nothing_up_while_it_does_not_happen() {
        let incident = |verdict| Word { occasional: true, ..word(Coverage::Partial, Some(verdict)) };
        let daily = word(Coverage::Partial, Some(Verdict::Followed));
        assert_eq!(status(&[daily, incident(Verdict::Insufficient)]), Status::Followed);
        assert_eq!(status(&[daily, incident(Verdict::Broken)]), Status::Broken);
        assert_eq!(status(&[incident(Verdict::Insufficient)]), Status::Insufficient);
    }

    #[test]
    fn a_signature_attests_and_proves_nothing() {
        let signed = word(Coverage::Partial, Some(Verdict::Attested));
        let measured = word(Coverage::Partial, Some(Verdict::Followed));
        let silent = word(Coverage::Partial, Some(Verdict::Insufficient));
        assert_eq!(status(&[signed, measured]), Status::Attested);
        assert_eq!(status(&[signed, silent]), Status::Insufficient);
        assert_eq!(status(&[word(Coverage::Full, Some(Verdict::Attested)), silent]), Status::Attested);
        assert_eq!(status(&[signed, word(Coverage::Full, Some(Verdict::Followed))]), Status::Followed);
        assert_eq!(status(&[signed, word(Coverage::Partial, Some(Verdict::Broken))]), Status::Broken);
    }

    #[test]
    fn evidence_goes_stale_by_itself() {
        let words = [word(Coverage::Full, Some(Verdict::Followed))];
        assert!(!derive(&words, NOW.plus_ms(24 * HOUR_MS), 24).stale);
        assert!(derive(&words, NOW.plus_ms(24 * HOUR_MS + 1), 24).stale);
    }
}
