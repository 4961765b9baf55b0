use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use kernel::{Caller, Id, Label, LocalText, Problem, Timestamp};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};

use super::write::Row;
use crate::pack::Text;
use crate::record_type::{Class, FieldKind, FieldSpec, RecordType, Slot};

/// Most characters that are searched in.
const SEARCH_MAX: usize = 2_000;
/// Most characters of a text in its column.
const COLUMN_MAX: usize = 200;

/// Returns the word of a label.
pub fn label_word(label: Label) -> &'static str {
    match label {
        Label::Public => "public",
        Label::Internal => "internal",
        Label::Personal => "personal",
        Label::Secret => "secret",
    }
}

/// Returns the labels up to a clearance.
pub fn labels_up_to(clearance: Label) -> impl Iterator<Item = &'static str> {
    let all = [Label::Public, Label::Internal, Label::Personal, Label::Secret];
    all.into_iter().filter(move |label| *label <= clearance).map(label_word)
}

/// Returns whether a caller may see a field.
pub fn readable(caller: &Caller, field: &FieldSpec) -> bool {
    field.label.is_none_or(|label| label <= caller.clearance) && (field.guests || !caller.guest)
}

/// Splits values into those that the caller may see and the keys of the others.
pub fn masked(
    record_type: &RecordType,
    caller: &Caller,
    mut values: Map<String, Json>,
) -> (Map<String, Json>, Vec<String>) {
    let hidden = record_type.spec.fields.iter().filter(|field| !readable(caller, field));
    let masked = hidden.filter_map(|field| values.remove(&field.key).map(|_| field.key.clone())).collect();
    (values, masked)
}

/// Returns the slots' values of a record: its facts, each in its field's column.
pub fn columns(
    record_type: &RecordType,
    slots: &BTreeMap<String, Slot>,
    facts: &Map<String, Json>,
) -> BTreeMap<Slot, store::Value> {
    let mut columns = BTreeMap::new();
    for field in &record_type.spec.fields {
        let (Some(slot), Some(fact)) = (slots.get(&field.key), facts.get(&field.key)) else { continue };
        columns.extend(column(slot.class, fact).map(|value| (*slot, value)));
    }
    columns
}

fn column(class: Class, fact: &Json) -> Option<store::Value> {
    match (class, fact) {
        (Class::Text, Json::String(text)) => Some(text.chars().take(COLUMN_MAX).collect::<String>().into()),
        (Class::Whole, Json::Array(rows)) => i64::try_from(rows.len()).ok().map(Into::into),
        // Times are numbers in rows.
        (Class::Whole, Json::String(text)) => text.parse::<Timestamp>().ok().map(|at| at.ms().into()),
        (Class::Whole, number) => number.as_i64().map(Into::into),
        (Class::Real, number) => number.as_f64().map(Into::into),
        (Class::Truth, value) => value.as_bool().map(Into::into),
        _ => None,
    }
}

/// Returns an absent value for a column.
pub fn absent(slot: Slot) -> store::Value {
    match slot.class {
        Class::Text => store::Value::Text(None),
        Class::Whole => store::Value::Integer(None),
        Class::Real => store::Value::Real(None),
        Class::Truth => store::Value::Boolean(None),
    }
}

/// Returns what a search looks into: number, title and the texts that everybody who sees the record may see.
pub fn searched(record_type: &RecordType, row: &Row) -> String {
    let mut text = format!("{} {}", row.number, row.title);
    for field in &record_type.spec.fields {
        let open = field.label.is_none_or(|label| label <= Label::Internal);
        if open
            && matches!(field.kind, FieldKind::Text | FieldKind::RichText)
            && let Some(value) = row.document.get(&field.key).and_then(Json::as_str)
        {
            text.push(' ');
            text.push_str(value);
        }
    }
    text.to_lowercase().chars().take(SEARCH_MAX).collect()
}

/// Returns the digest of what people decide about: the values, not what is computed from others' records.
pub fn content_hash(record_type: &RecordType, values: &Map<String, Json>) -> String {
    let own =
        |key: &String| record_type.field(key).is_some_and(|f| f.kind != FieldKind::Rollup && !f.read_only);
    let content: BTreeMap<&String, &Json> = values.iter().filter(|(key, _)| own(key)).collect();
    hex::encode(Sha256::digest(store::json(&content)))
}

/// Returns `{field: [before, after]}` of what differs.
pub fn difference(before: &Map<String, Json>, after: &Map<String, Json>) -> Map<String, Json> {
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let value = |values: &Map<String, Json>, key: &String| values.get(key).cloned().unwrap_or(Json::Null);
    let pairs = keys.into_iter().map(|key| (key, value(before, key), value(after, key)));
    pairs.filter(|(_, a, b)| a != b).map(|(key, a, b)| (key.clone(), json!([a, b]))).collect()
}

/// Hides the values of a change that the caller may not see; that something changed stays.
pub fn masked_changes(record_type: &RecordType, caller: &Caller, changes: &mut Map<String, Json>) {
    for (key, change) in changes {
        if record_type.field(key).is_some_and(|field| !readable(caller, field)) {
            *change = json!([null, null]);
        }
    }
}

/// Returns changes as the audit log keeps them: values above `Internal` are named, never kept.
pub fn audited(record_type: &RecordType, changes: &Map<String, Json>) -> Json {
    let open = |key: &String| {
        record_type.spec.label <= Label::Internal
            && record_type.field(key).is_none_or(|f| f.label.is_none_or(|label| label <= Label::Internal))
    };
    let shown = |(key, change): (&String, &Json)| {
        let hidden = json!(["[hidden]", "[hidden]"]);
        (key.clone(), if open(key) { change.clone() } else { hidden })
    };
    Json::Object(changes.iter().map(shown).collect())
}

/// Returns true while a record is kept secret, as its type says.
pub fn is_kept_secret(record_type: &RecordType, facts: &Map<String, Json>, now: Timestamp) -> bool {
    let none = BTreeMap::new();
    let known = crate::expr::Facts { fields: facts, parameters: &none, now };
    record_type.secrecy.as_ref().is_some_and(|when| when.holds(&known))
}

/// Returns those whom a record names as parties.
pub fn parties(record_type: &RecordType, row: &Row) -> BTreeSet<Id> {
    let named = record_type.spec.fields.iter().filter(|field| field.party && field.kind == FieldKind::Person);
    let named = named.filter_map(|field| row.document.get(&field.key)?.as_str()?.parse().ok());
    named.chain(row.owner_id).chain(row.created_by).collect()
}

/// Puts values in for the words that defaults and effects use.
pub struct Words<'w> {
    pub caller: Option<Id>,
    pub department: Option<Id>,
    pub now: Timestamp,
    pub zone: &'w TimeZone,
    /// Facts of the thing that the words are about, `$<name>`.
    pub facts: &'w Map<String, Json>,
    /// The thing itself, `$id`.
    pub id: Option<Id>,
    /// The row of a child table, `$row.<column>`.
    pub row: Option<&'w Map<String, Json>>,
    /// The person for whom it is, `$person`, where each of some people gets one.
    pub person: Option<Id>,
}

impl Words<'_> {
    /// Returns the value that a literal or a word stands for.
    pub fn value(&self, said: &Json) -> Json {
        let Some(word) = said.as_str().and_then(|text| text.strip_prefix('$')) else { return said.clone() };
        let id = |id: Option<Id>| id.map_or(Json::Null, |id| json!(id));
        match word {
            "now" => json!(self.now),
            "today" => json!(self.today().to_string()),
            "caller" => id(self.caller),
            "department" => id(self.department),
            "id" => id(self.id),
            "person" if self.person.is_some() => id(self.person),
            word => match (word.strip_prefix("row."), word.strip_prefix("plus_days(")) {
                (Some(column), _) => self.row.and_then(|row| row.get(column)).cloned().unwrap_or(Json::Null),
                (_, Some(rest)) => self.plus_days(rest.trim_end_matches(')')),
                _ => self.facts.get(word).cloned().unwrap_or(Json::Null),
            },
        }
    }

    fn plus_days(&self, count: &str) -> Json {
        let span = count.trim().parse::<i64>().ok().and_then(|days| jiff::Span::new().try_days(days).ok());
        let day = span.and_then(|span| self.today().checked_add(span).ok());
        day.map_or(Json::Null, |day| json!(day.to_string()))
    }

    fn today(&self) -> jiff::civil::Date {
        self.day_of(self.now)
    }

    /// Returns the day of a point in time, in the company's zone.
    pub fn day_of(&self, at: Timestamp) -> jiff::civil::Date {
        at.instant().to_zoned(self.zone.clone()).date()
    }
}

/// Returns a text as it stands in a task's or notice's arguments: once per language.
pub fn in_three_languages(name: &str, text: &Text) -> [(String, String); 3] {
    use kernel::Language::{En, ZhHans, ZhHant};
    [("zh_hans", ZhHans), ("zh_hant", ZhHant), ("en", En)]
        .map(|(suffix, language)| (format!("{name}_{suffix}"), text.get(language).to_owned()))
}

/// Returns the names of a type's permissions.
pub fn permission_texts(record_type: &RecordType) -> BTreeMap<String, LocalText> {
    let title = record_type.spec.plural.as_ref().unwrap_or(&record_type.spec.title);
    let name = |zh_hans: &str, zh_hant: &str, en: &str| {
        use kernel::Language::{En, ZhHans, ZhHant};
        LocalText {
            zh_hans: format!("{}：{zh_hans}", title.get(ZhHans)),
            zh_hant: format!("{}：{zh_hant}", title.get(ZhHant)),
            en: format!("{}: {en}", title.get(En)),
        }
    };
    let one = |permission: &kernel::Permission| {
        let verb = permission.code.rsplit('.').next().unwrap_or_default();
        let text = match verb {
            "read" => name("查看", "檢視", "read"),
            "write" => name("新建和修改", "新增與修改", "make and change"),
            "read_all" => name(
                "查看全部（含仅当事人可见的）",
                "檢視全部（含僅當事人可見者）",
                "read all, those for parties only too",
            ),
            "accept" => name("接受", "接受", "accept"),
            "activate" => name("启用", "啟用", "activate"),
            "answer" => name("答复", "答覆", "answer"),
            "appoint" => name("任命", "任命", "appoint"),
            "approve" => name("批准", "核准", "approve"),
            "arbitrate" => name("仲裁", "仲裁", "arbitrate"),
            "assess" => name("评估", "評估", "assess"),
            "audit" => name("审计", "稽核", "audit"),
            "check" => name("核对", "核對", "check"),
            "close" => name("关闭", "關閉", "close"),
            "conclude" => name("下结论", "下結論", "conclude"),
            "cosign" => name("会签", "會簽", "cosign"),
            "decide" => name("决定", "決定", "decide"),
            "drop" => name("放弃", "放棄", "drop"),
            "erase" => name("删除个人资料", "刪除個人資料", "erase"),
            "evaluate" => name("评价", "評價", "evaluate"),
            "exempt" => name("豁免", "豁免", "exempt"),
            "handle" => name("处理", "處理", "handle"),
            "issue" => name("发布", "發布", "issue"),
            "open" => name("开启", "開啟", "open"),
            "pass" => name("放行", "放行", "pass"),
            "review" => name("审核", "審核", "review"),
            "run" => name("执行", "執行", "run"),
            "skip" => name("跳过", "跳過", "skip"),
            "start" => name("开始", "開始", "start"),
            "triage" => name("分流", "分流", "triage"),
            other => name(other, other, other),
        };
        (format!("permission.{}", permission.code), text)
    };
    record_type.permissions.iter().map(one).collect()
}

/// Says that a record type is not there, or not for this caller.
pub fn no_such_type() -> Problem {
    Problem::not_found("access.not_found")
}
