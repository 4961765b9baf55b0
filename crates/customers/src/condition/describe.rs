//! Says a condition in words, in three languages.

use std::collections::BTreeMap;

use kernel::{Language, LocalText};

use super::{Condition, FlagField, Goods, GoodsBy, NumberField, ScoreField, TextField, did};
use crate::consent::{Channel, ConsentState, Purpose};

/// Names of the rows that a condition refers to by id: segments, products, brands.
pub type Names = BTreeMap<String, LocalText>;

/// Says the condition in words.
pub fn describe(tree: &Condition, names: &Names) -> LocalText {
    let say = |language| Voice { language, names }.say(tree);
    LocalText { zh_hans: say(Language::ZhHans), zh_hant: say(Language::ZhHant), en: say(Language::En) }
}

/// Writes an amount of minor units, such as `1234.50`.
pub(super) fn amount(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", minor.unsigned_abs() / 100, minor.unsigned_abs() % 100)
}

/// Writes a score as people read it: a digit, a percentage or an amount.
pub(super) fn score_text(which: ScoreField, score: f64) -> String {
    match which {
        ScoreField::Recency | ScoreField::Frequency | ScoreField::Monetary => format!("{score:.0}"),
        ScoreField::PAlive | ScoreField::Churn if score.fract() == 0.0 => format!("{score:.0}%"),
        ScoreField::PAlive | ScoreField::Churn => format!("{score:.1}%"),
        ScoreField::ExpectedValue => amount(score as i64),
    }
}

struct Voice<'a> {
    language: Language,
    names: &'a Names,
}

impl Voice<'_> {
    /// Chooses the text in the language that is spoken.
    fn pick<'t>(&self, hans: &'t str, hant: &'t str, en: &'t str) -> &'t str {
        match self.language {
            Language::ZhHans => hans,
            Language::ZhHant => hant,
            Language::En => en,
        }
    }

    /// Chooses a sentence and fills its places, `{}` one after the other.
    fn fill(&self, hans: &str, hant: &str, en: &str, parts: &[&str]) -> String {
        let mut pieces = self.pick(hans, hant, en).split("{}");
        let mut sentence = pieces.next().unwrap_or_default().to_owned();
        for (part, piece) in parts.iter().zip(pieces) {
            sentence.push_str(part);
            sentence.push_str(piece);
        }
        sentence
    }

    fn say(&self, node: &Condition) -> String {
        match node {
            Condition::All { of } => self.join(of, self.pick("，且", "，且", " and ")),
            Condition::Any { of } => self.join(of, self.pick("，或", "，或", " or ")),
            Condition::Not { of } => self.deny(of),
            leaf => self.leaf(leaf, true),
        }
    }

    fn join(&self, of: &[Condition], with: &str) -> String {
        let parts: Vec<String> = of.iter().map(|child| self.bracketed(child)).collect();
        parts.join(with)
    }

    fn bracketed(&self, node: &Condition) -> String {
        let text = self.say(node);
        match node {
            Condition::All { of } | Condition::Any { of } if of.len() > 1 => {
                self.fill("（{}）", "（{}）", "({})", &[&text])
            }
            _ => text,
        }
    }

    fn deny(&self, inner: &Condition) -> String {
        match inner {
            Condition::Not { of } => self.say(of),
            Condition::All { .. } | Condition::Any { .. } => {
                self.fill("不符合“{}”", "不符合「{}」", "not ({})", &[&self.say(inner)])
            }
            leaf => self.leaf(leaf, false),
        }
    }

    fn leaf(&self, leaf: &Condition, holds: bool) -> String {
        match leaf {
            Condition::Text { field, one_of } => {
                let values: Vec<String> = one_of.iter().map(|value| self.name(value)).collect();
                self.is(self.text_field(*field), &self.either(&values), holds)
            }
            Condition::Number { field, at_least, at_most } => self.number(*field, *at_least, *at_most, holds),
            Condition::Flag { field, is } => self.flag(*field, *is, holds),
            Condition::KnownSince { within_days } => {
                let days = within_days.to_string();
                if holds {
                    self.fill(
                        "建档不超过 {} 天",
                        "建檔不超過 {} 天",
                        "first known within the last {} days",
                        &[&days],
                    )
                } else {
                    self.fill(
                        "建档超过 {} 天",
                        "建檔超過 {} 天",
                        "first known more than {} days ago",
                        &[&days],
                    )
                }
            }
            Condition::Tier { one_of } => {
                let tiers: Vec<String> = one_of.iter().map(|tier| tier.as_str().to_owned()).collect();
                self.is(self.pick("等级", "等級", "tier"), &self.either(&tiers), holds)
            }
            Condition::Consent { state, channel, purpose, brand_id } => {
                let brand = brand_id.map(|id| self.name(&id.to_string()));
                self.consent(*state, *channel, *purpose, brand.as_deref(), holds)
            }
            Condition::Ordered { what, at_least, within_days, total_at_least_minor } => {
                self.ordered(what.as_ref(), *at_least, *within_days, *total_at_least_minor, holds)
            }
            Condition::Redeemed { campaign, within_days } => {
                self.redeemed(campaign.as_deref(), *within_days, holds)
            }
            Condition::Score { which, at_least, at_most } => {
                let bound = |bound: Option<i64>| bound.map(|n| score_text(*which, n as f64));
                self.is(self.score(*which), &self.bounds(bound(*at_least), bound(*at_most)), holds)
            }
            Condition::Persona { persona_id } => self.persona(&self.name(&persona_id.to_string()), holds),
            Condition::Did { .. } | Condition::DidInOrder { .. } => did::say(self.language, leaf, holds),
            Condition::InSegment { segment_id } => {
                let name = self.name(&segment_id.to_string());
                if holds {
                    self.fill("属于人群“{}”", "屬於客群「{}」", "in the segment “{}”", &[&name])
                } else {
                    self.fill("不属于人群“{}”", "不屬於客群「{}」", "not in the segment “{}”", &[&name])
                }
            }
            Condition::All { .. } | Condition::Any { .. } | Condition::Not { .. } => self.say(leaf),
        }
    }

    fn is(&self, field: &str, values: &str, holds: bool) -> String {
        if holds {
            self.fill("{}为{}", "{}為{}", "{} is {}", &[field, &self.spaced(values)])
        } else {
            self.fill("{}不为{}", "{}不為{}", "{} is not {}", &[field, &self.spaced(values)])
        }
    }

    /// Puts a blank between Chinese and what begins with a Latin letter or a digit.
    fn spaced(&self, text: &str) -> String {
        let latin = text.starts_with(|c: char| c.is_ascii_alphanumeric());
        if latin && self.language != Language::En { format!(" {text}") } else { text.to_owned() }
    }

    /// Puts a blank after what ends with a Latin letter or a digit.
    fn closed(&self, text: &str) -> String {
        let latin = text.ends_with(|c: char| c.is_ascii_alphanumeric());
        if latin && self.language != Language::En { format!("{text} ") } else { text.to_owned() }
    }

    fn either(&self, values: &[String]) -> String {
        let Some((last, others)) = values.split_last() else { return String::new() };
        if others.is_empty() {
            return last.clone();
        }
        let first = others.join(self.pick("、", "、", ", "));
        self.fill("{}或{}", "{}或{}", "{} or {}", &[&self.closed(&first), &self.spaced(last)])
    }

    fn name(&self, value: &str) -> String {
        self.names.get(value).map_or_else(|| value.to_owned(), |name| name.get(self.language).to_owned())
    }

    fn text_field(&self, field: TextField) -> &'static str {
        let (hans, hant, en) = match field {
            TextField::City => ("城市", "城市", "city"),
            TextField::District => ("区县", "行政區", "district"),
            TextField::Language => ("语言", "語言", "language"),
            TextField::Source => ("来源", "來源", "source"),
            TextField::AgeBand => ("年龄段", "年齡層", "age band"),
            TextField::IncomeBand => ("收入段", "收入級距", "income band"),
            TextField::Brand => ("偏好品牌", "偏好品牌", "favourite brand"),
        };
        match self.language {
            Language::ZhHans => hans,
            Language::ZhHant => hant,
            Language::En => en,
        }
    }

    fn number(&self, field: NumberField, at_least: Option<i64>, at_most: Option<i64>, holds: bool) -> String {
        let field = match field {
            NumberField::HouseholdSize => self.pick("家庭人数", "家庭人數", "household size"),
            NumberField::Children => self.pick("子女数", "子女數", "number of children"),
        };
        let text = |bound: Option<i64>| bound.map(|n| n.to_string());
        self.is(field, &self.bounds(text(at_least), text(at_most)), holds)
    }

    fn persona(&self, name: &str, holds: bool) -> String {
        if holds {
            self.fill("属于画像“{}”", "屬於人物誌「{}」", "belongs to the persona “{}”", &[name])
        } else {
            let en = "does not belong to the persona “{}”";
            self.fill("不属于画像“{}”", "不屬於人物誌「{}」", en, &[name])
        }
    }

    fn bounds(&self, low: Option<String>, high: Option<String>) -> String {
        match (low, high) {
            (Some(low), Some(high)) => self.fill("{} 到 {}", "{} 到 {}", "{} to {}", &[&low, &high]),
            (Some(low), None) => self.fill("{} 或以上", "{} 以上", "{} or more", &[&low]),
            (_, high) => self.fill("{} 或以下", "{} 以下", "{} or less", &[&high.unwrap_or_default()]),
        }
    }

    fn score(&self, which: ScoreField) -> &'static str {
        let (hans, hant, en) = match which {
            ScoreField::Recency => ("最近购买分值", "最近購買分數", "recency digit"),
            ScoreField::Frequency => ("购买频次分值", "購買頻率分數", "frequency digit"),
            ScoreField::Monetary => ("购买金额分值", "購買金額分數", "monetary digit"),
            ScoreField::PAlive => ("活跃概率", "活躍機率", "chance of being active"),
            ScoreField::Churn => ("流失概率", "流失機率", "risk of churn"),
            ScoreField::ExpectedValue => ("预期价值", "預期價值", "expected value"),
        };
        match self.language {
            Language::ZhHans => hans,
            Language::ZhHant => hant,
            Language::En => en,
        }
    }

    fn flag(&self, field: FlagField, is: bool, holds: bool) -> String {
        let text = match (field, is) {
            (FlagField::Homeowner, true) => self.pick("有自有住房", "有自有住宅", "owns their home"),
            (FlagField::Homeowner, false) => self.pick("租房居住", "租屋居住", "rents their home"),
            (FlagField::Married, true) => self.pick("已婚", "已婚", "is married"),
            (FlagField::Married, false) => self.pick("未婚", "未婚", "is not married"),
            (FlagField::HasEmail, true) => self.pick("有电子邮箱", "有電子郵件信箱", "has an e-mail address"),
            (FlagField::HasEmail, false) => {
                self.pick("没有电子邮箱", "沒有電子郵件信箱", "has no e-mail address")
            }
            (FlagField::HasMobile, true) => self.pick("有手机号", "有手機號碼", "has a mobile number"),
            (FlagField::HasMobile, false) => self.pick("没有手机号", "沒有手機號碼", "has no mobile number"),
        };
        if holds {
            text.to_owned()
        } else {
            self.fill("并非“{}”", "並非「{}」", "not “{}”", &[text])
        }
    }

    fn consent(
        &self,
        state: ConsentState,
        channel: Channel,
        purpose: Purpose,
        brand: Option<&str>,
        holds: bool,
    ) -> String {
        let channel = match channel {
            Channel::Email => self.pick("电子邮件", "電子郵件", "e-mail"),
            Channel::Sms => self.pick("短信", "簡訊", "SMS"),
            Channel::Phone => self.pick("电话", "電話", "phone"),
        };
        let purpose = match purpose {
            Purpose::Marketing => self.pick("营销", "行銷", "marketing"),
            Purpose::Loyalty => self.pick("会员关怀", "會員關懷", "member care"),
            Purpose::Research => self.pick("调研", "市調", "research"),
        };
        let brand =
            brand.map(|name| self.fill("“{}”的", "「{}」的", " from {}", &[name])).unwrap_or_default();
        let matter = self.fill(
            "{}{}{}",
            "{}{}{}",
            "{} by {}{}",
            &match self.language {
                Language::En => [purpose, channel, brand.as_str()],
                _ => [brand.as_str(), channel, purpose],
            },
        );
        let (hans, hant, en) = match (state, holds) {
            (ConsentState::Granted, true) => ("同意接收{}", "同意接收{}", "has agreed to {}"),
            (ConsentState::Granted, false) => ("未同意接收{}", "未同意接收{}", "has not agreed to {}"),
            (ConsentState::Withdrawn, true) => {
                ("已撤回对{}的同意", "已撤回對{}的同意", "has withdrawn from {}")
            }
            (ConsentState::Withdrawn, false) => {
                ("未撤回对{}的同意", "未撤回對{}的同意", "has not withdrawn from {}")
            }
            (ConsentState::Never, true) => ("从未对{}表态", "從未對{}表態", "was never asked about {}"),
            (ConsentState::Never, false) => ("曾对{}表态", "曾對{}表態", "has given an answer about {}"),
        };
        self.fill(hans, hant, en, &[&matter])
    }

    fn ordered(
        &self,
        what: Option<&Goods>,
        at_least: u32,
        days: u32,
        total: Option<i64>,
        holds: bool,
    ) -> String {
        let (days, times) = (days.to_string(), at_least.to_string());
        let goods = what.map(|goods| self.goods(goods)).unwrap_or_default();
        let sum = total.map(|total| {
            let total = amount(total);
            self.fill("，合计不少于 {}", "，合計不少於 {}", ", for {} or more in all", &[&total])
        });
        let sum = sum.unwrap_or_default();
        let times_en = match at_least {
            1 => "at least once".to_owned(),
            2 => "at least twice".to_owned(),
            n => format!("at least {n} times"),
        };
        match (holds, at_least, total) {
            (true, ..) => match self.language {
                Language::ZhHans => format!("近 {days} 天购买{goods}至少 {times} 次{sum}"),
                Language::ZhHant => format!("近 {days} 天購買{goods}至少 {times} 次{sum}"),
                Language::En => format!("bought{goods} {times_en} in the last {days} days{sum}"),
            },
            (false, 1, None) => match self.language {
                Language::ZhHans => format!("近 {days} 天没有购买{goods}"),
                Language::ZhHant => format!("近 {days} 天沒有購買{goods}"),
                Language::En => format!("bought nothing{goods} in the last {days} days"),
            },
            (false, ..) => match self.language {
                Language::ZhHans => format!("近 {days} 天购买{goods}未达到 {times} 次{sum}"),
                Language::ZhHant => format!("近 {days} 天購買{goods}未達 {times} 次{sum}"),
                Language::En => format!("did not buy{goods} {times_en} in the last {days} days{sum}"),
            },
        }
    }

    fn goods(&self, goods: &Goods) -> String {
        let name = self.name(&goods.value);
        match goods.by {
            GoodsBy::Department => {
                self.fill("“{}”部类商品", "「{}」部類商品", " from department “{}”", &[&name])
            }
            GoodsBy::Category => self.fill("“{}”品类商品", "「{}」品類商品", " from category “{}”", &[&name]),
            GoodsBy::Product => self.fill("商品“{}”", "商品「{}」", " of the product “{}”", &[&name]),
            GoodsBy::Brand => self.fill("品牌“{}”的商品", "品牌「{}」的商品", " of the brand “{}”", &[&name]),
        }
    }

    fn redeemed(&self, campaign: Option<&str>, days: Option<u32>, holds: bool) -> String {
        let of = campaign.map(|code| self.fill("活动“{}”的", "活動「{}」的", " of campaign “{}”", &[code]));
        let of = of.unwrap_or_default();
        let when =
            days.map(|days| self.fill("近 {} 天", "近 {} 天", " in the last {} days", &[&days.to_string()]));
        let when = when.unwrap_or_default();
        match (self.language, holds) {
            (Language::ZhHans, true) => format!("{when}用过{of}优惠券"),
            (Language::ZhHans, false) => format!("{when}没有用过{of}优惠券"),
            (Language::ZhHant, true) => format!("{when}用過{of}優惠券"),
            (Language::ZhHant, false) => format!("{when}沒有用過{of}優惠券"),
            (Language::En, true) => format!("has redeemed a coupon{of}{when}"),
            (Language::En, false) => format!("has not redeemed a coupon{of}{when}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(json: &str) -> LocalText {
        describe(&serde_json::from_str(json).expect(json), &Names::new())
    }

    #[test]
    fn the_segment_of_the_story_reads_well() {
        let text = words(
            r#"{"type": "all", "of": [
                {"type": "ordered", "what": {"by": "department", "value": "PRODUCE"}, "at_least": 2, "within_days": 90},
                {"type": "not", "of": {"type": "redeemed"}},
                {"type": "tier", "one_of": ["A", "B"]}]}"#,
        );
        assert_eq!(text.zh_hans, "近 90 天购买“PRODUCE”部类商品至少 2 次，且没有用过优惠券，且等级为 A 或 B");
        assert_eq!(
            text.zh_hant,
            "近 90 天購買「PRODUCE」部類商品至少 2 次，且沒有用過優惠券，且等級為 A 或 B"
        );
        assert_eq!(
            text.en,
            "bought from department “PRODUCE” at least twice in the last 90 days and has not redeemed a coupon \
             and tier is A or B"
        );
    }

    #[test]
    fn nested_conditions_are_bracketed_and_denials_are_natural() {
        let text = words(
            r#"{"type": "any", "of": [
                {"type": "all", "of": [
                    {"type": "text", "field": "city", "one_of": ["杭州", "上海"]},
                    {"type": "number", "field": "household_size", "at_least": 3}]},
                {"type": "not", "of": {"type": "ordered", "at_least": 1, "within_days": 30}},
                {"type": "not", "of": {"type": "consent", "state": "granted", "channel": "sms", "purpose": "marketing"}}]}"#,
        );
        assert_eq!(
            text.zh_hans,
            "（城市为杭州或上海，且家庭人数为 3 或以上），或近 30 天没有购买，或未同意接收短信营销"
        );
        assert_eq!(
            text.en,
            "(city is 杭州 or 上海 and household size is 3 or more) or bought nothing in the last 30 days \
             or has not agreed to marketing by SMS"
        );
    }

    #[test]
    fn scores_and_personas_are_named() {
        let text = words(
            r#"{"type": "all", "of": [
                {"type": "score", "which": "churn", "at_least": 60},
                {"type": "score", "which": "frequency", "at_least": 3, "at_most": 5},
                {"type": "not", "of": {"type": "score", "which": "expected_value", "at_most": 12345}},
                {"type": "persona", "persona_id": "01920000-0000-7000-8000-000000000000"}]}"#,
        );
        assert_eq!(
            text.zh_hans,
            "流失概率为 60% 或以上，且购买频次分值为 3 到 5，且预期价值不为 123.45 或以下，\
             且属于画像“01920000-0000-7000-8000-000000000000”"
        );
        assert!(text.en.starts_with("risk of churn is 60% or more and frequency digit is 3 to 5 and"));
    }

    #[test]
    fn amounts_have_two_places() {
        assert_eq!(amount(123_450), "1234.50");
        assert_eq!(amount(-5), "-0.05");
    }
}
