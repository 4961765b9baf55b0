use std::collections::BTreeMap;
use std::sync::Arc;

use http_kit::App;
use kernel::{Caller, Column, Cursor, Id, Label, Page, PageQuery, Problem, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use store::{Dialect, Query, ScopeColumns, Value, args};

use super::write::Row;
use super::{Record, RecordFilter, names, rules, secret, service, sql};
use crate::dashboard::GroupFigure;
use crate::expr::{Condition, Names};
use crate::record_type::intern::intern;
use crate::record_type::{FieldKind, RecordType, ViewSpec, rules::for_reader};

/// Most groups of a figure.
const GROUPS_MAX: i64 = 1_000;

/// Rows in the order of a list that are looked at one by one before the filter's own index is asked.
const IN_ORDER: &str = " LIMIT 10000) v WHERE TRUE";

/// A list of one type as somebody asks for it: what they may see, what they want, in which order.
pub struct Asked<'a> {
    pub record_type: &'a RecordType,
    pub caller: &'a Caller,
    pub conditions: Vec<Condition>,
    pub search: Option<&'a str>,
    pub state: Option<&'a str>,
    pub mine: bool,
}

/// How a page is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// As the database thinks best.
    Planned,
    /// Row by row in the order of the list, up to a bound.
    InOrder,
    /// By the indexes of the filter, put in order afterwards.
    ByFilter,
}

/// The order of a list.
struct Order<'o> {
    column: &'o Column,
    falling: bool,
}

impl<'a> Asked<'a> {
    /// Reads a filter; what the caller may not see cannot be asked for either.
    pub fn read(
        record_type: &'a RecordType,
        caller: &'a Caller,
        filter: &'a RecordFilter,
    ) -> Result<(Self, Option<&'a ViewSpec>)> {
        let view = match &filter.view {
            None => None,
            Some(id) => Some(view_of(record_type, id)?),
        };
        let mut conditions = Vec::new();
        let sources = [view.and_then(|view| view.filter.as_deref()), filter.filter.as_deref()];
        for source in sources.into_iter().flatten() {
            conditions.push(condition(record_type, caller, source)?);
        }
        let asked = Self {
            record_type,
            caller,
            conditions,
            search: filter.search.as_deref().map(str::trim).filter(|words| !words.is_empty()),
            state: filter.state.as_deref(),
            mine: filter.mine.unwrap_or(false),
        };
        Ok((asked, view))
    }

    /// Appends who may see what and what is wanted; the statement is over the view of the type as `v`.
    pub fn narrow(&self, query: &mut Query, now: kernel::Timestamp) -> Result<()> {
        self.narrow_plain(query)?;
        self.narrow_further(query, now)
    }

    /// Returns true where an index of the filter leaves few rows, or gives them in the order of ids.
    fn is_pinned(&self, order: &str) -> bool {
        let mut pinned = self.conditions.iter().flat_map(Condition::pinned);
        // Texts and numbers have many values; a choice, a person or a day has few.
        let is_many = |name: &str| match self.record_type.field(name) {
            Some(field) => matches!(field.kind, FieldKind::Text | FieldKind::Number),
            None => name == "number",
        };
        pinned.any(|name| order == "id" || is_many(name))
    }

    /// Appends who may see what, the state and the owner.
    fn narrow_plain(&self, query: &mut Query) -> Result<()> {
        visible(query, self.record_type, self.caller)?;
        query.and_some("state =", self.state);
        if self.mine {
            query.and("owner_id =", self.caller.user_id()?);
        }
        Ok(())
    }

    /// Appends the filter and the words that are searched for.
    fn narrow_further(&self, query: &mut Query, now: kernel::Timestamp) -> Result<()> {
        for condition in &self.conditions {
            query.push(" AND ");
            condition.push_sql(query, &self.record_type.view, &BTreeMap::new(), now)?;
        }
        if let Some(words) = self.search {
            // What is searched in holds fields that guests do not see.
            query.and_contains(if self.caller.guest { "LOWER(title)" } else { "search" }, words);
        }
        Ok(())
    }
}

fn view_of<'t>(record_type: &'t RecordType, id: &str) -> Result<&'t ViewSpec> {
    let found = record_type.spec.views.iter().find(|view| view.id == id);
    found.ok_or_else(|| Problem::bad_request("rulebook.record.no_such_view").with("view", id))
}

/// Reads an expression of a reader: only fields that they may see.
fn condition(record_type: &RecordType, caller: &Caller, source: &str) -> Result<Condition> {
    let source = for_reader(source, caller.find_user_id());
    // Child tables have no columns: an expression over them cannot be asked of the database.
    let names = Names { tables: BTreeMap::new(), ..record_type.names.clone() };
    let condition = Condition::parse(&source, &names).map_err(|fault| {
        let problem = Problem::bad_request(fault.code);
        fault.args.iter().fold(problem, |problem, (name, value)| problem.with(name, value))
    })?;
    for field in condition.fields() {
        require_readable(record_type, caller, field)?;
    }
    Ok(condition)
}

/// Returns true where a caller may see a field; what every record has is for everybody who sees the record.
pub fn readable(record_type: &RecordType, caller: &Caller, name: &str) -> bool {
    record_type.field(name).is_none_or(|field| rules::readable(caller, field))
}

fn require_readable(record_type: &RecordType, caller: &Caller, name: &str) -> Result<()> {
    match record_type.field(name) {
        Some(field) if !rules::readable(caller, field) => Err(Problem::field_hidden(name)),
        _ => Ok(()),
    }
}

/// Appends which rows a caller may see: scope, confidentiality, parties.
pub fn visible(query: &mut Query, record_type: &RecordType, caller: &Caller) -> Result<()> {
    query.scope_of_rows(&caller.scope(record_type.read)?, ScopeColumns::USUAL, "id");
    if caller.clearance < Label::Secret {
        query.and_in("label", rules::labels_up_to(caller.clearance));
    }
    if !caller.may(record_type.read_all) {
        match caller.find_user_id() {
            Some(user) => query.push(sql::NOT_RESTRICTED).bind(user).push("))"),
            None => query.push(" AND restricted = FALSE"),
        };
    }
    Ok(())
}

/// Lists records of a type.
pub async fn list(
    app: &App,
    caller: &Caller,
    type_id: &str,
    page: &PageQuery,
    filter: &RecordFilter,
) -> Result<Page<Record>> {
    let record_type = names::record_type(app, type_id)?;
    let caller = &secret::reader(app, caller).await?;
    let size = page.size()?;
    let (asked, view) = Asked::read(&record_type, caller, filter)?;
    let sort = filter.sort.as_deref().or_else(|| view.and_then(|view| view.sort.as_deref()));
    let order = sort.map(|sort| order(&record_type, caller, sort)).transpose()?;
    let (ids, next_cursor) = match &order {
        None => newest(app, &asked, page, size).await?,
        Some(order) => sorted(app, &asked, order, page, size).await?,
    };
    let items = load(app, caller, &record_type, &ids).await?;
    Ok(Page { items, next_cursor })
}

fn order<'t>(record_type: &'t RecordType, caller: &Caller, sort: &str) -> Result<Order<'t>> {
    let (name, falling) = match sort.strip_prefix('-') {
        Some(name) => (name, true),
        None => (sort, false),
    };
    let unknown = || Problem::bad_request("rulebook.record.no_such_sort").with("field", name);
    let column = record_type.view.column(name).ok_or_else(unknown)?;
    require_readable(record_type, caller, name)?;
    Ok(Order { column, falling })
}

async fn newest(
    app: &App,
    asked: &Asked<'_>,
    page: &PageQuery,
    size: u32,
) -> Result<(Vec<Id>, Option<String>)> {
    let after = page.after::<Id>()?;
    let ids: Vec<Id> = look(app, asked, "id", size, |way| {
        let mut query = Query::new(sql::IDS, args![]);
        from_view(&mut query, asked, way);
        asked.narrow_plain(&mut query)?;
        query.and_some("id <", after);
        end(&mut query, asked, way, "id", " DESC", app.store.now())?;
        Ok(query)
    })
    .await?;
    let page = Page::from_overfull(ids, size, |id| *id);
    Ok((page.items, page.next_cursor))
}

/// Looks for one more than a page.
///
/// A filter that fits much is answered by the first rows in the list's order, one that fits little by its own index; which
/// of the two it is SQLite cannot know, for it does not know how values are spread, and guessing wrong costs seconds.
async fn look<T: DeserializeOwned>(
    app: &App,
    asked: &Asked<'_>,
    order: &str,
    size: u32,
    query: impl Fn(Way) -> Result<Query>,
) -> Result<Vec<T>> {
    let full = |mut query: Query| {
        query.limit_overfull(size);
        app.store.list::<T>(query)
    };
    let is_plain = asked.conditions.is_empty() || asked.is_pinned(order);
    if is_plain || app.store.dialect() == Dialect::Postgres {
        return full(query(Way::Planned)?).await;
    }
    let found = full(query(Way::InOrder)?).await?;
    if found.len() > size as usize { Ok(found) } else { full(query(Way::ByFilter)?).await }
}

/// Begins to name the rows that are looked at.
fn from_view(query: &mut Query, asked: &Asked<'_>, way: Way) {
    query.push(if way == Way::InOrder { "(SELECT * FROM " } else { "" });
    query.push(asked.record_type.view.name).push(" v WHERE TRUE");
}

/// Appends the order and the filter, in the order that the way asks for.
fn end(
    query: &mut Query,
    asked: &Asked<'_>,
    way: Way,
    first: &'static str,
    direction: &'static str,
    now: kernel::Timestamp,
) -> Result<()> {
    if way != Way::InOrder {
        asked.narrow_further(query, now)?;
    }
    // A sign before it keeps SQLite from walking through everything in this order.
    query.push(if way == Way::ByFilter { " ORDER BY +" } else { " ORDER BY " }).push(first).push(direction);
    if first != "id" {
        query.push(", id").push(direction);
    }
    if way == Way::InOrder {
        query.push(IN_ORDER);
        asked.narrow_further(query, now)?;
    }
    Ok(())
}

/// Where a sorted list stands: a value and an id, or the id alone among records without a value, which come last.
type Place = (Option<Json>, Id);

async fn sorted(
    app: &App,
    asked: &Asked<'_>,
    order: &Order<'_>,
    page: &PageQuery,
    size: u32,
) -> Result<(Vec<Id>, Option<String>)> {
    let after: Option<Place> = page.after()?;
    let mut found: Vec<Place> = Vec::new();
    if after.as_ref().is_none_or(|(value, _)| value.is_some()) {
        found = with_value(app, asked, order, after.as_ref(), size).await?;
    }
    if found.len() <= size as usize {
        let last = after.filter(|(value, _)| value.is_none()).map(|(_, id)| id);
        let room = size - u32::try_from(found.len()).unwrap_or(size);
        found.extend(without_value(app, asked, order, last, room).await?.into_iter().map(|id| (None, id)));
    }
    let more = found.len() > size as usize;
    found.truncate(size as usize);
    let next = if more { found.last().map(Cursor::encode) } else { None };
    Ok((found.into_iter().map(|(_, id)| id).collect(), next))
}

async fn with_value(
    app: &App,
    asked: &Asked<'_>,
    order: &Order<'_>,
    after: Option<&Place>,
    size: u32,
) -> Result<Vec<Place>> {
    let name = order.column.name;
    let way_of = if order.falling { " DESC" } else { "" };
    let rows: Vec<(Json, Id)> = look(app, asked, name, size, |way| {
        let mut query = Query::new(sql::COLUMNS, args![]);
        query.push(name).push(" AS value, id FROM ");
        from_view(&mut query, asked, way);
        query.push(" AND ").push(name).push(" IS NOT NULL");
        asked.narrow_plain(&mut query)?;
        if let Some((Some(value), id)) = after {
            query.push(" AND (").push(name).push(if order.falling { ", id) < (" } else { ", id) > (" });
            query.bind(bound(value)?).push(", ").bind(*id).push(")");
        }
        end(&mut query, asked, way, name, way_of, app.store.now())?;
        Ok(query)
    })
    .await?;
    Ok(rows.into_iter().map(|(value, id)| (Some(value), id)).collect())
}

async fn without_value(
    app: &App,
    asked: &Asked<'_>,
    order: &Order<'_>,
    after: Option<Id>,
    size: u32,
) -> Result<Vec<Id>> {
    let mut query = Query::new(sql::IDS, args![]);
    from_view(&mut query, asked, Way::Planned);
    query.push(" AND ").push(order.column.name).push(" IS NULL");
    asked.narrow(&mut query, app.store.now())?;
    query.and_some("id >", after).push(" ORDER BY id").limit_overfull(size);
    app.store.list(query).await
}

fn bound(value: &Json) -> Result<Value> {
    match value {
        Json::String(text) => Ok(text.as_str().into()),
        Json::Bool(value) => Ok((*value).into()),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Ok(whole.into()),
            None => {
                number.as_f64().map(Into::into).ok_or_else(|| Problem::bad_request("page.cursor_invalid"))
            }
        },
        _ => Err(Problem::bad_request("page.cursor_invalid")),
    }
}

/// Loads records by id, in this order.
pub async fn load(
    app: &App,
    caller: &Caller,
    record_type: &Arc<RecordType>,
    ids: &[Id],
) -> Result<Vec<Record>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Query::new(sql::SOME, args![]);
    query.and_in("id", ids);
    let mut rows: Vec<Row> = app.store.list(query).await?;
    let place = |id: Id| ids.iter().position(|known| *known == id);
    rows.sort_by_key(|row| place(row.id));
    let names = names::of(app, caller, record_type, &rows).await?;
    service::shown(app, caller, record_type, rows, &names).await
}

/// How many records stand in each group (分组计数): for boards and matrices.
pub async fn groups(
    app: &App,
    caller: &Caller,
    type_id: &str,
    by: &str,
    across: Option<&str>,
    filter: &RecordFilter,
) -> Result<Vec<super::RecordGroup>> {
    let record_type = names::record_type(app, type_id)?;
    let caller = &secret::reader(app, caller).await?;
    let (asked, _) = Asked::read(&record_type, caller, filter)?;
    let column = |name: &str| -> Result<&'static str> {
        let unknown = || Problem::bad_request("rulebook.record.no_such_sort").with("field", name);
        require_readable(&record_type, caller, name)?;
        Ok(record_type.view.column(name).ok_or_else(unknown)?.name)
    };
    let (by, across) = (column(by)?, across.map(column).transpose()?);
    let mut query = Query::new(sql::GROUPS, args![]);
    query.push(by).push(" AS TEXT) AS by_value, CAST(").push(across.unwrap_or("NULL"));
    query.push(" AS TEXT) AS across_value, CAST(COUNT(*) AS BIGINT) AS records FROM ");
    query.push(record_type.view.name).push(" v WHERE TRUE");
    asked.narrow(&mut query, app.store.now())?;
    query.push(" GROUP BY ").push(by);
    if let Some(across) = across {
        query.push(", ").push(intern(across));
    }
    app.store.list(query).await
}

/// What is computed of the records of each group.
pub struct FiguresBy<'f> {
    /// The first field.
    pub by: &'f str,
    /// The second field.
    pub across: Option<&'f str>,
    /// What is computed ...
    pub figure: GroupFigure,
    /// ... of which field.
    pub of: Option<&'f str>,
}

/// The figure of one group.
#[derive(Clone, Debug, Deserialize)]
pub struct Figures {
    pub by_value: Option<String>,
    pub across_value: Option<String>,
    pub records: i64,
    pub value: Option<f64>,
}

/// Computes a figure of the records of each group that the caller may see.
pub async fn figures(
    app: &App,
    caller: &Caller,
    type_id: &str,
    wanted: &FiguresBy<'_>,
    filter: &RecordFilter,
) -> Result<Vec<Figures>> {
    let record_type = names::record_type(app, type_id)?;
    let caller = &secret::reader(app, caller).await?;
    let (asked, _) = Asked::read(&record_type, caller, filter)?;
    let column = |name: &str| -> Result<&'static str> {
        let unknown = || Problem::bad_request("rulebook.record.no_such_sort").with("field", name);
        require_readable(&record_type, caller, name)?;
        Ok(record_type.view.column(name).ok_or_else(unknown)?.name)
    };
    let (by, across) = (column(wanted.by)?, wanted.across.map(column).transpose()?);
    let of = wanted.of.map(column).transpose()?.unwrap_or("1");
    let mut query = Query::new(sql::GROUPS, args![]);
    query.push(by).push(" AS TEXT) AS by_value, CAST(").push(across.unwrap_or("NULL"));
    query.push(" AS TEXT) AS across_value, CAST(COUNT(*) AS BIGINT) AS records, CAST(");
    query.push(match wanted.figure {
        GroupFigure::Count => "COUNT(",
        GroupFigure::Sum => "SUM(",
        GroupFigure::Mean => "AVG(",
        GroupFigure::Least => "MIN(",
        GroupFigure::Greatest => "MAX(",
    });
    query.push(of).push(") AS DOUBLE PRECISION) AS value FROM ").push(record_type.view.name);
    query.push(" v WHERE TRUE");
    asked.narrow(&mut query, app.store.now())?;
    query.push(" GROUP BY ").push(by);
    if let Some(across) = across {
        query.push(", ").push(across);
    }
    query.push(" ORDER BY ").push(by).push(" LIMIT ").bind(GROUPS_MAX);
    app.store.list(query).await
}
