//! Variables (变量) that mails may use, and sample receivers (示例收件人) to preview them with.

use kernel::{Language, LocalText};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

kernel::text_enum! {
    /// What a variable holds (变量类型).
    pub enum VariableKind {
        /// Words to be shown.
        Text = "text",
        /// An address, for links only.
        Link = "link",
    }
}

/// Variable (变量): a name that mails may use.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Variable {
    /// How it is written, such as `customer.name`.
    pub name: String,
    /// What it holds.
    pub kind: VariableKind,
    /// What it means.
    pub title: LocalText,
    /// True where it is about the receiver.
    pub personal: bool,
}

/// Sample receiver (示例收件人): made up, to see a mail as somebody would.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Persona {
    /// How a preview names it.
    pub key: String,
    /// What it is for.
    pub title: LocalText,
    /// Full name.
    pub name: LocalText,
    /// Given name.
    pub first_name: LocalText,
    /// City.
    pub city: LocalText,
    /// Tier.
    pub tier: String,
}

/// What the editor needs to know of rendering.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Catalogue {
    /// Variables that mails may use.
    pub variables: Vec<Variable>,
    /// Sample receivers.
    pub personas: Vec<Persona>,
    /// Filters that mails may use.
    pub filters: Vec<String>,
}

impl kernel::Labelled for Catalogue {
    const NOUN: &'static str = "brand.catalogue";
}

/// The address of leaving, which every mail must show.
pub const UNSUBSCRIBE: &str = "unsubscribe_url";

/// Name, kind, whether it is about the receiver, and its titles.
type Entry = (&'static str, VariableKind, bool, [&'static str; 3]);

const VARIABLES: [Entry; 9] = [
    ("customer.name", VariableKind::Text, true, ["客户姓名", "客戶姓名", "Customer's name"]),
    ("customer.first_name", VariableKind::Text, true, ["客户名字", "客戶名字", "Customer's first name"]),
    ("customer.city", VariableKind::Text, true, ["客户所在城市", "客戶所在城市", "Customer's city"]),
    ("customer.tier", VariableKind::Text, true, ["客户等级", "客戶等級", "Customer's tier"]),
    ("brand.name", VariableKind::Text, false, ["品牌名称", "品牌名稱", "Name of the brand"]),
    ("campaign.name", VariableKind::Text, false, ["活动名称", "活動名稱", "Name of the campaign"]),
    (
        UNSUBSCRIBE,
        VariableKind::Link,
        false,
        ["退订链接（必须有）", "取消訂閱連結（必須有）", "Unsubscribe link (required)"],
    ),
    (
        "preferences_url",
        VariableKind::Link,
        false,
        ["偏好设置链接", "偏好設定連結", "Link to the preferences"],
    ),
    ("view_url", VariableKind::Link, false, ["网页版链接", "網頁版連結", "Link to the web version"]),
];

/// Key, tier, and texts by language: what for, name, first name, city.
type Made = (&'static str, &'static str, [[&'static str; 4]; 3]);

const PERSONAS: [Made; 3] = [
    (
        "regular",
        "A",
        [
            ["老顾客：A 级，上海", "王雅琴", "雅琴", "上海"],
            ["老顧客：A 級，臺北", "王雅琴", "雅琴", "臺北"],
            ["Regular: tier A, Shanghai", "Grace Wang", "Grace", "Shanghai"],
        ],
    ),
    (
        "newcomer",
        "D",
        [
            ["新会员：D 级，成都", "李想", "想", "成都"],
            ["新會員：D 級，高雄", "李想", "想", "高雄"],
            ["Newcomer: tier D, Chengdu", "Leo Li", "Leo", "Chengdu"],
        ],
    ),
    // Long, with signs that break pages which do not escape them, and no city.
    (
        "edge",
        "B",
        [
            ["边界情形：长姓名、特殊字符、城市为空", "欧阳修远 <O'Hara & Söhne>", "修远", ""],
            ["極端情況：長姓名、特殊字元、城市空白", "歐陽修遠 <O'Hara & Söhne>", "修遠", ""],
            [
                "Edge case: long name, special signs, no city",
                "Maximiliane <O'Hara & Söhne>",
                "Maximiliane",
                "",
            ],
        ],
    ),
];

/// Returns what the editor needs to know.
pub fn catalogue() -> Catalogue {
    Catalogue {
        variables: VARIABLES
            .iter()
            .map(|(name, kind, personal, title)| Variable {
                name: (*name).to_owned(),
                kind: *kind,
                title: texts(*title),
                personal: *personal,
            })
            .collect(),
        personas: personas(),
        filters: super::grammar::FILTERS.iter().map(|name| (*name).to_owned()).collect(),
    }
}

/// Returns the sample receivers.
pub fn personas() -> Vec<Persona> {
    let persona = |(key, tier, by_language): &Made| {
        let field = |at: usize| texts([by_language[0][at], by_language[1][at], by_language[2][at]]);
        Persona {
            key: (*key).to_owned(),
            title: field(0),
            name: field(1),
            first_name: field(2),
            city: field(3),
            tier: (*tier).to_owned(),
        }
    };
    PERSONAS.iter().map(persona).collect()
}

fn texts([zh_hans, zh_hant, en]: [&str; 3]) -> LocalText {
    LocalText { zh_hans: zh_hans.to_owned(), zh_hant: zh_hant.to_owned(), en: en.to_owned() }
}

/// Returns true for a name that mails may use.
pub fn is_known(name: &str) -> bool {
    VARIABLES.iter().any(|(known, ..)| *known == name)
}

/// Returns true for a name that may stand where a link leads to.
pub fn is_link(name: &str) -> bool {
    VARIABLES.iter().any(|(known, kind, ..)| *known == name && *kind == VariableKind::Link)
}

/// Returns the known name that is nearest to a mistyped one.
pub fn nearest(name: &str) -> Option<&'static str> {
    let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let alike = |one: &str, other: &str| similar::TextDiff::from_chars(one, other).ratio();
    VARIABLES
        .iter()
        .map(|(known, ..)| (*known, alike(&last(name), &last(known)), alike(name, known)))
        .filter(|(_, ending, _)| *ending >= 0.6)
        .max_by(|a, b| (a.1 + a.2).total_cmp(&(b.1 + b.2)))
        .map(|(known, ..)| known)
}

/// Returns the values with which a persona's mail is filled.
pub fn values(persona: &Persona, language: Language, brand: &LocalText) -> Value {
    let campaign = texts(["示例活动", "示例活動", "Sample campaign"]);
    json!({
        "customer": {
            "name": own(&persona.name, language),
            "first_name": own(&persona.first_name, language),
            "city": own(&persona.city, language),
            "tier": persona.tier,
        },
        "brand": {"name": brand.get(language)},
        "campaign": {"name": campaign.get(language)},
        "unsubscribe_url": "https://preview.invalid/u/sample",
        "preferences_url": "https://preview.invalid/p/sample",
        "view_url": "https://preview.invalid/v/sample",
    })
}

/// A persona's empty city is meant to be empty: no other language fills in.
fn own(text: &LocalText, language: Language) -> &str {
    match language {
        Language::ZhHans => &text.zh_hans,
        Language::ZhHant => &text.zh_hant,
        Language::En => &text.en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_name_gets_a_suggestion() {
        assert_eq!(nearest("customer.nmae"), Some("customer.name"));
        assert_eq!(nearest("firstname"), Some("customer.first_name"));
        assert_eq!(nearest("unsubscribe"), Some("unsubscribe_url"));
        assert_eq!(nearest("weather"), None);
    }

    #[test]
    fn every_persona_has_every_variable() {
        for persona in personas() {
            for language in Language::ALL {
                let values = values(&persona, language, &LocalText::default());
                for (name, ..) in VARIABLES {
                    let path = format!("/{}", name.replace('.', "/"));
                    assert!(values.pointer(&path).is_some_and(Value::is_string), "{name}");
                }
            }
        }
    }
}
