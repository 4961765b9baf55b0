//! Says conditions on events in words.

use kernel::Language;
use lake::EventKind;
use lake::query::{Condition as Where, EventFilter, Operator, Span, Value};

use super::{Condition, DidMeasure};

/// Says a condition on events; `holds` is false where it is denied.
pub fn say(language: Language, leaf: &Condition, holds: bool) -> String {
    let said = match leaf {
        Condition::Did { what, measure, at_least, at_most, within_days, span } => {
            let when = when(language, *within_days, *span);
            let bounds = bounds(language, *measure, *at_least, *at_most);
            let what = events(language, what);
            match language {
                Language::ZhHans | Language::ZhHant => format!("{when}{what}{bounds}"),
                Language::En => format!("{what} {bounds}{when}"),
            }
        }
        Condition::DidInOrder { steps, within_hours, within_days, span } => {
            let steps: Vec<String> = steps.iter().map(|step| events(language, step)).collect();
            let when = when(language, *within_days, *span);
            match language {
                Language::ZhHans => format!("{when}在 {within_hours} 小时内先后发生{}", steps.join(" → ")),
                Language::ZhHant => format!("{when}在 {within_hours} 小時內先後發生{}", steps.join(" → ")),
                Language::En => {
                    format!("{} in this order within {within_hours} hours{when}", steps.join(" → "))
                }
            }
        }
        _ => String::new(),
    };
    match (holds, language) {
        (true, _) => said,
        (false, Language::ZhHans) => format!("并非“{said}”"),
        (false, Language::ZhHant) => format!("並非「{said}」"),
        (false, Language::En) => format!("not “{said}”"),
    }
}

fn when(language: Language, days: Option<u32>, span: Option<Span>) -> String {
    if let Some(days) = days {
        return match language {
            Language::ZhHans | Language::ZhHant => format!("近 {days} 天"),
            Language::En => format!(" in the last {days} days"),
        };
    }
    let day = |at: kernel::Timestamp| at.utc_day().to_string();
    let (from, to) = span.map_or((None, None), |span| (span.from.map(day), span.to.map(day)));
    match (language, from, to) {
        (_, None, None) => String::new(),
        (Language::En, from, to) => {
            let from = from.map(|day| format!(" from {day}")).unwrap_or_default();
            let to = to.map(|day| format!(" before {day}")).unwrap_or_default();
            format!("{from}{to}")
        }
        (_, from, to) => {
            let from = from.map(|day| format!("{day} 起")).unwrap_or_default();
            let to = to.map(|day| format!("{day} 前")).unwrap_or_default();
            format!("{from}{to}")
        }
    }
}

fn bounds(language: Language, measure: DidMeasure, at_least: Option<f64>, at_most: Option<f64>) -> String {
    let number = |n: f64| match measure {
        DidMeasure::Count => format!("{n:.0}"),
        DidMeasure::Value => format!("{n:.2}"),
    };
    let (hans, hant, en) = match measure {
        DidMeasure::Count => (("", " 次"), ("", " 次"), ("", " times")),
        DidMeasure::Value => (("合计 ", ""), ("合計 ", ""), ("for ", " in all")),
    };
    let ((before, after), least, most) = match language {
        Language::ZhHans => (hans, "至少", "至多"),
        Language::ZhHant => (hant, "至少", "至多"),
        Language::En => (en, "at least", "at most"),
    };
    match (at_least, at_most) {
        (_, Some(0.0)) if measure == DidMeasure::Count => match language {
            Language::ZhHans => "没有发生".to_owned(),
            Language::ZhHant => "沒有發生".to_owned(),
            Language::En => "never".to_owned(),
        },
        (Some(low), Some(high)) => match language {
            Language::En => format!("{before}{} to {}{after}", number(low), number(high)),
            _ => format!("{before}{} 到 {}{after}", number(low), number(high)),
        },
        (Some(low), None) => format!("{before}{least} {}{after}", number(low)),
        (None, Some(high)) => format!("{before}{most} {}{after}", number(high)),
        (None, None) => String::new(),
    }
}

/// Says which events are meant.
fn events(language: Language, filter: &EventFilter) -> String {
    let quote = |text: &str| match language {
        Language::ZhHans => format!("“{text}”"),
        Language::ZhHant => format!("「{text}」"),
        Language::En => format!("“{text}”"),
    };
    let or = if language == Language::En { " or " } else { "或" };
    let mut said: Vec<String> = filter.names.iter().map(|name| quote(name)).collect();
    if said.is_empty() {
        said = filter.kinds.iter().map(|kind| self::kind(language, *kind).to_owned()).collect();
    }
    let mut text = said.join(or);
    if text.is_empty() {
        text = match language {
            Language::ZhHans => "任何行为",
            Language::ZhHant => "任何行為",
            Language::En => "anything",
        }
        .to_owned();
    }
    let tests: Vec<String> = filter.where_.iter().map(|test| column(language, test)).collect();
    match (tests.is_empty(), language) {
        (true, _) => text,
        (false, Language::En) => format!("{text} ({})", tests.join(", ")),
        (false, _) => format!("{text}（{}）", tests.join("，")),
    }
}

fn kind(language: Language, kind: EventKind) -> &'static str {
    let (hans, hant, en) = match kind {
        EventKind::Identify => ("登记身份", "登記身分", "said who they are"),
        EventKind::Track => ("任何行为", "任何行為", "did something"),
        EventKind::Page => ("访问网页", "瀏覽網頁", "saw a page"),
        EventKind::Screen => ("打开应用页面", "開啟應用程式畫面", "saw a screen"),
        EventKind::Group => ("加入群组", "加入群組", "joined a group"),
        EventKind::Alias => ("合并标识", "合併識別碼", "joined identifiers"),
    };
    match language {
        Language::ZhHans => hans,
        Language::ZhHant => hant,
        Language::En => en,
    }
}

fn column(language: Language, test: &Where) -> String {
    use lake::query::Column;
    let (hans, hant, en) = match test.column {
        Column::Name => ("名称", "名稱", "name"),
        Column::Kind => ("类别", "類別", "kind"),
        Column::Channel => ("来源渠道", "來源管道", "channel"),
        Column::Path => ("页面路径", "頁面路徑", "path"),
        Column::ProductId => ("商品", "商品", "product"),
        Column::OrderId => ("订单", "訂單", "order"),
        Column::Currency => ("币种", "幣別", "currency"),
        Column::Value => ("金额", "金額", "value"),
        Column::SourceId => ("数据来源", "資料來源", "source"),
    };
    let column = match language {
        Language::ZhHans => hans,
        Language::ZhHant => hant,
        Language::En => en,
    };
    let value = match &test.value {
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Text(text)) => text.clone(),
        None => String::new(),
    };
    let (hans, hant, en) = match test.op {
        Operator::Eq => ("为", "為", "is"),
        Operator::Ne => ("不为", "不為", "is not"),
        Operator::Lt => ("小于", "小於", "below"),
        Operator::Le => ("不大于", "不大於", "at most"),
        Operator::Gt => ("大于", "大於", "above"),
        Operator::Ge => ("不小于", "不小於", "at least"),
        Operator::Contains => ("包含", "包含", "contains"),
        Operator::IsNull => ("为空", "為空", "is empty"),
        Operator::NotNull => ("不为空", "不為空", "is given"),
    };
    let text = match language {
        Language::ZhHans => format!("{column}{hans} {value}"),
        Language::ZhHant => format!("{column}{hant} {value}"),
        Language::En => format!("{column} {en} {value}"),
    };
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(json: &str, holds: bool) -> [String; 3] {
        let leaf: Condition = serde_json::from_str(json).expect(json);
        Language::ALL.map(|language| say(language, &leaf, holds))
    }

    #[test]
    fn conditions_on_events_read_well() {
        let viewed = r#"{"type":"did","what":{"names":["Product Viewed"],"where":[{"column":"product_id","op":"eq","value":"sku-7"}]},
            "at_least":3,"within_days":30}"#;
        assert_eq!(
            said(viewed, true),
            [
                "近 30 天“Product Viewed”（商品为 sku-7）至少 3 次",
                "近 30 天「Product Viewed」（商品為 sku-7）至少 3 次",
                "“Product Viewed” (product is sku-7) at least 3 times in the last 30 days",
            ]
        );
        let never = r#"{"type":"did","what":{"kinds":["page"]},"at_most":0,"within_days":7}"#;
        assert_eq!(said(never, true)[0], "近 7 天访问网页没有发生");
        let order = r#"{"type":"did_in_order","steps":[{"names":["Product Added"]},{"names":["Order Completed"]}],"within_hours":24}"#;
        assert_eq!(
            said(order, false)[1],
            "並非「在 24 小時內先後發生「Product Added」 → 「Order Completed」」"
        );
    }
}
