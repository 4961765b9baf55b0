use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, Id, Label, Page, PageQuery, Problem, Result};
use serde::Deserialize;
use store::{Audit, OnDuplicate, Query, Tx, args, json};

use super::rules::{self, BuiltIn};
use super::{Matrix, MatrixRow, NewRole, PermissionInfo, Role, RolePatch, sql};
use crate::confidential;
use crate::grant;

/// Brings the roles that come with the product up to date; runs at every start.
pub async fn ensure_built_in(app: &App) -> Result<()> {
    let caller = Caller::system("built-in roles");
    let mut tx = app.store.begin(&caller).await?;
    let present: Vec<Role> = tx.all(sql::LIST, args![]).await?;
    for wanted in rules::built_in() {
        match present.iter().find(|role| role.code == wanted.code) {
            None => insert_built_in(&mut tx, &wanted).await?,
            Some(role) if differs(role, &wanted) => update_built_in(&mut tx, role, &wanted).await?,
            Some(_) => {}
        }
    }
    tx.commit().await
}

fn differs(role: &Role, wanted: &BuiltIn) -> bool {
    role.names != wanted.names
        || role.descriptions != wanted.descriptions
        || role.clearance != wanted.clearance
        || role.permissions != wanted.permissions
}

async fn insert_built_in(tx: &mut Tx, wanted: &BuiltIn) -> Result<()> {
    let new = NewRole {
        code: wanted.code.clone(),
        names: wanted.names.clone(),
        descriptions: wanted.descriptions.clone(),
        clearance: wanted.clearance,
        permissions: wanted.permissions.clone(),
    };
    insert(tx, &new, true).await.map(drop)
}

async fn update_built_in(tx: &mut Tx, role: &Role, wanted: &BuiltIn) -> Result<()> {
    let patch = RolePatch {
        names: Some(wanted.names.clone()),
        descriptions: Some(wanted.descriptions.clone()),
        clearance: Some(wanted.clearance),
        permissions: Some(wanted.permissions.clone()),
    };
    save(tx, role, role.version, patch).await.map(drop)
}

/// Returns the roles, by code.
pub async fn list(app: &App, page: &PageQuery) -> Result<Page<Role>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query
        .push(" AND r.archived_at IS NULL")
        .and_some("r.code >", page.after::<String>()?)
        .push(" ORDER BY r.code")
        .limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |role: &Role| role.code.clone()))
}

/// Returns one role.
pub async fn get(app: &App, id: Id) -> Result<Role> {
    app.store.get(sql::FIND, args![id]).await
}

/// Returns the id of the role with this code.
pub async fn id_of(app: &App, code: &str) -> Result<Id> {
    let found: Option<Id> = app.store.find(sql::ID_OF, args![code]).await?;
    found.ok_or_else(|| Problem::unprocessable("identity.role.unknown").with("role", code))
}

/// Makes a role of permissions that the caller holds company-wide.
pub async fn create(app: &App, caller: &Caller, new: &NewRole) -> Result<Role> {
    rules::check_code(&new.code)?;
    rules::check(&new.names, &new.descriptions, &new.permissions, &app.permissions.all())?;
    grant::service::require_held(app, caller, &new.permissions, new.clearance).await?;
    let mut tx = app.store.begin(caller).await?;
    let role = insert(&mut tx, new, false).await.on_duplicate("identity.role.code_taken")?;
    tx.commit().await?;
    Ok(role)
}

async fn insert(tx: &mut Tx, new: &NewRole, built_in: bool) -> Result<Role> {
    let (id, by) = (Id::new(), tx.caller().find_user_id());
    let args = args![
        id,
        &new.code,
        json(&new.names),
        json(&new.descriptions),
        label(new.clearance),
        json(&new.permissions),
        built_in,
        tx.now(),
        by,
    ];
    tx.exec_one(sql::INSERT, args).await?;
    let role: Role = tx.get(sql::FIND, args![id]).await?;
    tx.audit(Audit::new("create", "identity.role", id).change(None, Some(&role))).await?;
    Ok(role)
}

/// Changes a role of the company's own; those that come with the product stay as they are.
pub async fn update(app: &App, caller: &Caller, id: Id, version: i64, patch: RolePatch) -> Result<Role> {
    let before = own(app, id).await?;
    let wanted = patched(&before, patch);
    rules::check(&wanted.names, &wanted.descriptions, &wanted.permissions, &app.permissions.all())?;
    grant::service::require_held(app, caller, &wanted.permissions, wanted.clearance).await?;
    let mut tx = app.store.begin(caller).await?;
    let patch = RolePatch {
        names: Some(wanted.names),
        descriptions: Some(wanted.descriptions),
        clearance: Some(wanted.clearance),
        permissions: Some(wanted.permissions),
    };
    let after = save(&mut tx, &before, version, patch).await?;
    rulebook::acknowledgement::expect_newcomers(&mut tx).await?;
    tx.commit().await?;
    Ok(after)
}

async fn own(app: &App, id: Id) -> Result<Role> {
    let role = get(app, id).await?;
    if role.built_in {
        return Err(Problem::conflict("identity.role.built_in").with("role", &role.code));
    }
    Ok(role)
}

fn patched(role: &Role, patch: RolePatch) -> Role {
    let mut wanted = role.clone();
    wanted.names = patch.names.unwrap_or(wanted.names);
    wanted.descriptions = patch.descriptions.unwrap_or(wanted.descriptions);
    wanted.clearance = patch.clearance.unwrap_or(wanted.clearance);
    wanted.permissions = patch.permissions.unwrap_or(wanted.permissions);
    wanted
}

async fn save(tx: &mut Tx, before: &Role, version: i64, patch: RolePatch) -> Result<Role> {
    let wanted = patched(before, patch);
    let args = args![
        before.id,
        version,
        json(&wanted.names),
        json(&wanted.descriptions),
        label(wanted.clearance),
        json(&wanted.permissions),
        tx.now(),
    ];
    tx.exec_one(sql::UPDATE, args).await?;
    let after: Role = tx.get(sql::FIND, args![before.id]).await?;
    tx.audit(Audit::new("update", "identity.role", before.id).change(Some(before), Some(&after))).await?;
    Ok(after)
}

/// Takes a role that nobody holds out of use; one that is held needs a second person.
pub async fn archive(app: &App, caller: &Caller, id: Id, version: i64) -> Result<()> {
    let before = own(app, id).await?;
    if before.holders > 0 {
        return Err(Problem::conflict("identity.role.held").with("holders", before.holders));
    }
    let mut tx = app.store.begin(caller).await?;
    tx.exec_one(sql::ARCHIVE, args![id, version, tx.now()]).await?;
    tx.audit(Audit::new("archive", "identity.role", id)).await?;
    tx.commit().await
}

/// Returns the word of a label as it stands in the database.
pub(crate) fn label(label: Label) -> &'static str {
    match label {
        Label::Public => "public",
        Label::Internal => "internal",
        Label::Personal => "personal",
        Label::Secret => "secret",
    }
}

/// Returns every permission with its name in the caller's language.
pub async fn permissions(app: &App, caller: &Caller) -> Result<Vec<PermissionInfo>> {
    let areas = confidential::service::patterns(&app.store).await?;
    let name = |code: &str| app.texts.say(caller.language, &format!("permission.{code}"), &BTreeMap::new());
    let info = |permission: &kernel::Permission| PermissionInfo {
        code: permission.code.to_owned(),
        name: name(permission.code),
        domain: permission.code.split('.').next().unwrap_or_default().to_owned(),
        scoped: !permission.scoped_by.is_empty(),
        confidential: areas.iter().any(|area| rules::matches(area, permission.code)),
    };
    let mut infos: Vec<PermissionInfo> = app.permissions.all().iter().map(info).collect();
    infos.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(infos)
}

/// Returns roles x permissions.
pub async fn matrix_of_roles(app: &App, caller: &Caller) -> Result<Matrix> {
    let mut query = Query::new(sql::LIST, args![]);
    query.push(" AND r.archived_at IS NULL ORDER BY r.code");
    let roles: Vec<Role> = app.store.list(query).await?;
    let rows = roles.iter().map(|role| MatrixRow {
        id: role.id,
        name: role.names.get(caller.language).to_owned(),
        cells: rules::resolve(&role.permissions, &app.permissions.all())
            .into_iter()
            .map(|code| (code, vec!["company".to_owned()]))
            .collect(),
    });
    Ok(Matrix { permissions: permissions(app, caller).await?, rows: rows.collect(), next_cursor: None })
}

#[derive(Deserialize)]
struct Held {
    user_id: Id,
    name: String,
    scope: grant::ScopeKind,
    brand_id: Option<Id>,
    department_id: Option<Id>,
    permissions: Vec<String>,
}

/// Returns users x permissions, with the scopes in which each is held.
pub async fn matrix_of_users(app: &App, caller: &Caller, page: &PageQuery) -> Result<Matrix> {
    let size = page.size()?;
    let after = page.after::<Id>()?.map(|id| id.to_string()).unwrap_or_default();
    let args = args![app.store.now(), after, i64::from(size) + 1];
    let held: Vec<Held> = app.store.all(sql::HELD, args).await?;
    let mut rows: Vec<MatrixRow> = Vec::new();
    for held in held {
        if rows.last().is_none_or(|row| row.id != held.user_id) {
            rows.push(MatrixRow { id: held.user_id, name: held.name.clone(), cells: BTreeMap::new() });
        }
        let row = rows.last_mut().expect("a row was just added");
        let scope = grant::rules::scope_word(held.scope, held.brand_id, held.department_id);
        for code in rules::resolve(&held.permissions, &app.permissions.all()) {
            let scopes = row.cells.entry(code).or_default();
            if !scopes.contains(&scope) {
                scopes.push(scope.clone());
            }
        }
    }
    let page = Page::from_overfull(rows, size, |row| row.id);
    let permissions = permissions(app, caller).await?;
    Ok(Matrix { permissions, rows: page.items, next_cursor: page.next_cursor })
}
