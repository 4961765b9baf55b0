use kernel::{Id, Language, Timestamp};
use tabular::{FieldKind, FieldSpec, MappedRow, Reject};

use crate::consent::{
    Channel, ConsentState, GivenBy, NewConsent, Purpose, ShownText, rules as consent_rules,
};
use crate::node::{Key, NodeKind};
use crate::profile::facts::Facts;
use crate::profile::rules::is_time_zone;

const TEXT: FieldKind = FieldKind::Text(100);
const LANGUAGES: FieldKind = FieldKind::Choice(&["zh-Hans", "zh-Hant", "en"]);

/// What a file may tell about a customer; the places are those of the functions below.
pub const FIELDS: &[FieldSpec] = &[
    FieldSpec::optional(
        "member_number",
        FieldKind::Key(100),
        &[
            "会员号",
            "會員號",
            "会员编号",
            "會員編號",
            "客户编号",
            "客戶編號",
            "CustomerID",
            "customer id",
            "member id",
            "household_id",
            "ID",
        ],
    ),
    FieldSpec::optional(
        "email",
        FieldKind::Email,
        &["邮箱", "电子邮箱", "電子郵件", "電子信箱", "e-mail", "mail", "email address"],
    ),
    FieldSpec::optional(
        "mobile",
        FieldKind::Mobile,
        &["手机", "手机号", "手機", "手機號碼", "行動電話", "phone", "mobile number", "phone number", "tel"],
    ),
    FieldSpec::optional(
        "user_id",
        FieldKind::Key(100),
        &["用户ID", "用户编号", "帳號", "user id", "account"],
    ),
    FieldSpec::optional("name", TEXT, &["姓名", "客户姓名", "客戶姓名", "full name", "customer name"]),
    FieldSpec::optional("given_name", TEXT, &["名", "名字", "first name", "given name"]),
    FieldSpec::optional(
        "address",
        FieldKind::Text(300),
        &["地址", "住址", "street", "street address", "address_1"],
    ),
    FieldSpec::optional("city", TEXT, &["城市", "town", "suburb"]),
    FieldSpec::optional("district", TEXT, &["区县", "區", "行政區", "district"]),
    FieldSpec::optional("language", LANGUAGES, &["语言", "語言", "locale"]),
    FieldSpec::optional("time_zone", FieldKind::Text(60), &["时区", "時區", "timezone"]),
    FieldSpec::optional("household_size", FieldKind::Integer, &["家庭人数", "家庭人數", "household size"]),
    FieldSpec::optional("children", FieldKind::Integer, &["子女数", "子女數", "kids", "kids_count"]),
    FieldSpec::optional(
        "consent_email",
        FieldKind::Boolean,
        &["同意邮件营销", "同意電子郵件行銷", "email consent", "email opt in", "accepts marketing"],
    ),
    FieldSpec::optional(
        "consent_sms",
        FieldKind::Boolean,
        &["同意短信营销", "同意簡訊行銷", "sms consent", "sms opt in"],
    ),
    FieldSpec::optional(
        "consent_at",
        FieldKind::Time,
        &["同意时间", "同意時間", "consent date", "opt in date"],
    ),
    FieldSpec::optional("consent_text", FieldKind::Text(5_000), &["同意文本", "同意文字", "consent text"]),
    FieldSpec::optional(
        "consent_version",
        FieldKind::Text(60),
        &["同意文本版本", "同意文字版本", "consent version"],
    ),
    FieldSpec::optional("consent_source", TEXT, &["同意来源", "同意來源", "consent source"]),
];

const IDENTIFIERS: [(usize, NodeKind); 4] =
    [(0, NodeKind::MemberNumber), (1, NodeKind::Email), (2, NodeKind::Mobile), (3, NodeKind::UserId)];
const TIME_ZONE: usize = 10;
const HOUSEHOLD_SIZE: usize = 11;
const CHILDREN: usize = 12;
const CONSENTS: [(usize, Channel, NodeKind); 2] =
    [(13, Channel::Email, NodeKind::Email), (14, Channel::Sms, NodeKind::Mobile)];
const CONSENT_AT: usize = 15;
const CONSENT_TEXT: usize = 16;
const CONSENT_VERSION: usize = 17;
const CONSENT_SOURCE: usize = 18;

/// What one row tells.
#[derive(Debug)]
pub struct Told {
    pub keys: Vec<Key>,
    pub facts: Facts,
    /// What the person said, by whose address; its id is known once that of the address is.
    pub consents: Vec<(Key, NewConsent)>,
}

/// What a row's consents belong to.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub import_id: Id,
    pub brand_id: Option<Id>,
    pub source: &'a str,
    pub now: Timestamp,
}

/// Reads a row; says which field is at fault.
pub fn read(row: &MappedRow, context: Context<'_>) -> Result<Told, Reject> {
    let keys = keys(row)?;
    let facts = facts(row)?;
    let consents = consents(row, &keys, context)?;
    Ok(Told { keys, facts, consents })
}

fn keys(row: &MappedRow) -> Result<Vec<Key>, Reject> {
    let mut keys = Vec::new();
    for (place, kind) in IDENTIFIERS {
        if let Some(text) = row.text(place) {
            keys.push(Key::new(kind, text).map_err(|code| Reject::new(code).of(FIELDS[place].name))?);
        }
    }
    if keys.is_empty() {
        return Err(Reject::new("customers.import.identifier_missing").of(FIELDS[0].name));
    }
    Ok(keys)
}

fn facts(row: &MappedRow) -> Result<Facts, Reject> {
    let text = |place| row.text(place).map(str::to_owned);
    let within = |place: usize, range: std::ops::RangeInclusive<i64>| match row.integer(place) {
        // The last value stands for "so many or more".
        Some(n) if n >= *range.start() => Ok(Some(n.min(*range.end()))),
        Some(_) => Err(Reject::new("customers.field.out_of_range").of(FIELDS[place].name)),
        None => Ok(None),
    };
    let time_zone = text(TIME_ZONE);
    if time_zone.as_deref().is_some_and(|zone| !is_time_zone(zone)) {
        return Err(Reject::new("customers.field.time_zone_invalid").of(FIELDS[TIME_ZONE].name));
    }
    Ok(Facts {
        name: text(4),
        given_name: text(5),
        address: text(6),
        city: text(7),
        district: text(8),
        language: row.text(9).and_then(Language::from_tag),
        time_zone,
        household_size: within(HOUSEHOLD_SIZE, 1..=5)?,
        children: within(CHILDREN, 0..=3)?,
        ..Facts::default()
    })
}

fn consents(row: &MappedRow, keys: &[Key], context: Context<'_>) -> Result<Vec<(Key, NewConsent)>, Reject> {
    let mut consents = Vec::new();
    for (place, channel, kind) in CONSENTS {
        let Some(agrees) = row.boolean(place) else { continue };
        let reject = |code: &str, place: usize| Err(Reject::new(code).of(FIELDS[place].name));
        let Some(brand_id) = context.brand_id else { return reject("customers.import.brand_needed", place) };
        let Some(address) = keys.iter().find(|key| key.kind == kind) else {
            return reject("customers.consent.no_address", place);
        };
        let Some(happened_at) = row.time(CONSENT_AT) else {
            return reject("customers.import.consent_time_needed", CONSENT_AT);
        };
        let text = row.text(CONSENT_TEXT).zip(row.text(CONSENT_VERSION));
        let consent = NewConsent {
            node_id: address.older_id(),
            brand_id,
            purpose: Purpose::Marketing,
            channel,
            state: if agrees { ConsentState::Granted } else { ConsentState::Withdrawn },
            happened_at,
            given_by: GivenBy::Import,
            source: row.text(CONSENT_SOURCE).unwrap_or(context.source).to_owned(),
            text: text
                .map(|(body, version)| ShownText { version: version.to_owned(), body: body.to_owned() }),
            ip_hash: None,
            reason: None,
            import_id: Some(context.import_id),
        };
        if let Err(problem) = consent_rules::check(&consent, kind, context.now) {
            return reject(&problem.code, place);
        }
        consents.push((address.clone(), consent));
    }
    Ok(consents)
}
