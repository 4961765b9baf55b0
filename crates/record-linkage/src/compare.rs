//! How close two records are, field by field.

use strsim::{jaro_winkler, osa_distance};

use crate::record::{FIELDS, Field, Prepared};

/// A field that one of both does not have.
pub const MISSING: u8 = u8::MAX;

/// Levels of all fields, in their order.
pub type Pattern = [u8; FIELDS];

/// Compares two records.
pub fn compare(left: &Prepared, right: &Prepared) -> Pattern {
    Field::ALL.map(|field| level(field, left, right).unwrap_or(MISSING))
}

fn level(field: Field, left: &Prepared, right: &Prepared) -> Option<u8> {
    match field {
        Field::Name => names(left, right, |of| (&of.name, &of.name_reading), |of| &of.given_reading),
        Field::GivenName => names(left, right, |of| (&of.given, &of.given_reading), |of| &of.name_reading),
        Field::Email => both(&left.email, &right.email).map(|(a, b)| email(a, b)),
        Field::Mobile => both(&left.mobile, &right.mobile).map(|(a, b)| digits(a, b)),
        Field::Born => both(&left.born, &right.born).map(|(a, b)| born(a, b)),
        Field::Address => both(&left.address, &right.address).map(|(a, b)| address(a, b)),
        Field::District => both(&left.district, &right.district).map(|(a, b)| place(a, b)),
        Field::City => both(&left.city, &right.city).map(|(a, b)| place(a, b)),
        Field::Postcode => both(&left.postcode, &right.postcode).map(|(a, b)| digits(a, b)),
        Field::Number => both(&left.number, &right.number).map(|(a, b)| digits(a, b)),
    }
}

fn both<'a>(left: &'a str, right: &'a str) -> Option<(&'a str, &'a str)> {
    (!left.is_empty() && !right.is_empty()).then_some((left, right))
}

/// 3 the same, 2 the same reading, a slip, or the two names in each other's place, 1 similar.
///
/// The borders of similarity are those at which Winkler's comparisons are usually cut (0.92 and 0.80).
fn names<'a>(
    left: &'a Prepared,
    right: &'a Prepared,
    own: fn(&Prepared) -> (&str, &str),
    other: fn(&Prepared) -> &str,
) -> Option<u8> {
    let ((a, reads_a), (b, reads_b)) = (own(left), own(right));
    both(a, b)?;
    if a == b {
        return Some(3);
    }
    let swapped = !reads_a.is_empty() && reads_a == other(right) && reads_b == other(left);
    let near = jaro_winkler(reads_a, reads_b);
    Some(match () {
        () if swapped || near >= 0.92 => 2,
        () if near >= 0.80 => 1,
        () => 0,
    })
}

/// 2 the same, 1 the same name at another service or a slip.
fn email(a: &str, b: &str) -> u8 {
    let local = |email: &str| email.split('@').next().unwrap_or_default().to_owned();
    match () {
        () if a == b => 2,
        () if local(a) == local(b) || osa_distance(a, b) <= 1 => 1,
        () => 0,
    }
}

/// 2 the same, 1 one wrong, missing or two exchanged.
fn digits(a: &str, b: &str) -> u8 {
    match () {
        () if a == b => 2,
        () if a.len().abs_diff(b.len()) <= 1 && osa_distance(a, b) <= 1 => 1,
        () => 0,
    }
}

/// 3 the same, 2 a slip or day and month exchanged, 1 the same year or the same day of another.
fn born(a: &str, b: &str) -> u8 {
    if a == b {
        return 3;
    }
    let (Some((year_a, day_a)), Some((year_b, day_b))) = (a.split_at_checked(4), b.split_at_checked(4))
    else {
        return 0;
    };
    let turned = |day: &str| day.split_at_checked(2).map(|(month, day)| format!("{day}{month}"));
    match () {
        () if osa_distance(a, b) <= 1 => 2,
        () if year_a == year_b && turned(day_a).is_some_and(|day| day == day_b) => 2,
        () if year_a == year_b || day_a == day_b => 1,
        () => 0,
    }
}

/// 3 the same words, 2 nearly, 1 half of them.
fn address(a: &str, b: &str) -> u8 {
    if a == b {
        return 3;
    }
    let words = |text: &str| {
        let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        words.sort_unstable();
        words.dedup();
        words
    };
    let (one, other) = (words(a), words(b));
    let shared = one.iter().filter(|word| other.binary_search(word).is_ok()).count();
    let all = one.len() + other.len() - shared;
    let overlap = shared as f64 / all.max(1) as f64;
    match () {
        () if overlap >= 1.0 => 3,
        () if overlap >= 0.7 || jaro_winkler(a, b) >= 0.94 => 2,
        () if overlap >= 0.4 || jaro_winkler(a, b) >= 0.85 => 1,
        () => 0,
    }
}

/// 2 the same, 1 a slip.
fn place(a: &str, b: &str) -> u8 {
    match () {
        () if a == b => 2,
        () if jaro_winkler(a, b) >= 0.90 => 1,
        () => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    fn prepared(name: &str, given: &str) -> Prepared {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Prepared::new(&Record { name: text(name), given_name: text(given), ..Record::default() })
    }

    #[test]
    fn names_agree_by_levels() {
        let name = |a: &str, b: &str| compare(&prepared(a, ""), &prepared(b, ""))[0];
        assert_eq!((name("林晓", "林晓"), name("林曉", "林晓"), name("林晓", "王强")), (3, 3, 0));
        let given = |a: &str, b: &str| compare(&prepared(a, ""), &prepared(b, ""))[1];
        assert_eq!((given("林晓", "林晓"), given("林曉", "林晓"), given("林晓", "林强")), (3, 2, 0));
        assert_eq!((name("mitchell", "mitchel"), name("green", "greene"), name("allan", "brown")), (2, 2, 0));
        let swapped = compare(&prepared("green", "mitchell"), &prepared("mitchell", "green"));
        assert_eq!(swapped[..2], [2, 2]);
        assert_eq!(compare(&prepared("a", ""), &prepared("", "a"))[..2], [MISSING, MISSING]);
    }

    #[test]
    fn slips_are_told_from_differences() {
        assert_eq!(
            (born("19710624", "19710524"), born("19710603", "19710306"), born("19710624", "19711101")),
            (2, 2, 1)
        );
        assert_eq!((born("19710624", "19830101"), born("71", "19710624")), (0, 0));
        assert_eq!((digits("13912345678", "13912345687"), digits("139", "138123")), (1, 0));
        assert_eq!((email("a@b.cn", "a@c.cn"), email("ab@c.cn", "xy@c.cn")), (1, 0));
        assert_eq!((address("7 wallaby pl", "wallaby pl 7"), address("7 wallaby pl", "12 long st")), (3, 0));
    }
}
