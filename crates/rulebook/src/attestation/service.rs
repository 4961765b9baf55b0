use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Permission, Problem, Result};
use store::{Audit, Query, args, json};

use super::{Attestation, AttestationFilter, NewAttestation, rules, sql};
use crate::Rulebook;
use crate::control::{EvidenceKind, Signed};
use crate::parameter;
use crate::run::{self, Found, Verdict, rules::figure_of};
use crate::signature;

/// Signs the statement of a control.
///
/// The words are named by their digest: nobody signs words that changed while they were reading.
pub async fn sign(
    app: &App,
    caller: &Caller,
    control_id: &str,
    input: NewAttestation,
) -> Result<Attestation> {
    let signed = of_people(app, caller, control_id, EvidenceKind::Attestation)?;
    let user = signature::in_person(caller)?;
    if !parameter::reason_fits(&input.note) {
        return Err(Problem::unprocessable("rulebook.attestation.invalid")
            .with_field("note", "rulebook.parameter.reason_length"));
    }
    if input.statement_hash != signed.statement_hash {
        return Err(Problem::conflict("rulebook.attestation.words_changed"));
    }
    if signed.second_factor {
        signature::prove(app, user, input.code.as_deref(), "code").await?;
    }
    let (days, signer) = (valid_days(app, &signed).await?, signature::signer(app).await?);
    let mut tx = app.store.begin(caller).await?;
    let now = tx.now();
    let mut attestation = Attestation {
        id: Id::new(),
        control_id: control_id.to_owned(),
        statement_hash: signed.statement_hash.clone(),
        statement: signed.statement.clone(),
        holds: input.holds,
        note: input.note.trim().to_owned(),
        signed_by: user,
        signed_by_name: caller.name().to_owned(),
        signed_at: now,
        valid_until: now.plus_days(days),
        signature: String::new(),
        genuine: true,
    };
    attestation.signature = signature::sign(&signer, &rules::signed_bytes(&attestation));
    tx.exec(sql::INSERT, insert(&attestation)).await?;
    let facts = serde_json::json!({ "holds": attestation.holds, "valid_until": attestation.valid_until,
        "statement_hash": attestation.statement_hash });
    tx.audit(Audit::new("sign", "rulebook.control", control_id).because(&attestation.note).with(facts))
        .await?;
    run::after_change(&mut tx, &["v_rulebook_attestation"]).await?;
    tx.commit().await?;
    Ok(attestation)
}

fn insert(row: &Attestation) -> Vec<store::Value> {
    args![
        row.id,
        &row.control_id,
        &row.statement_hash,
        json(&row.statement),
        row.holds,
        &row.note,
        row.signed_by,
        &row.signed_by_name,
        row.signed_at,
        row.valid_until,
        &row.signature,
    ]
}

/// Returns what a control asks of people, where this caller may give it.
pub(crate) fn of_people(app: &App, caller: &Caller, control_id: &str, kind: EvidenceKind) -> Result<Signed> {
    let book = app.part::<Rulebook>()?;
    let control = book.control(control_id).ok_or_else(|| Problem::not_found("access.not_found"))?;
    let signed = control.signed.clone().filter(|signed| signed.kind == kind);
    let signed = signed.ok_or_else(|| Problem::conflict("rulebook.control.not_of_people"))?;
    caller.require(permission(app, &signed)?)?;
    Ok(signed)
}

fn permission(app: &App, signed: &Signed) -> Result<Permission> {
    app.permission(&signed.permission)
        .ok_or_else(|| Problem::forbidden("access.missing_permission").with("permission", &signed.permission))
}

/// Returns how many days evidence of people stands now.
pub(crate) async fn valid_days(app: &App, signed: &Signed) -> Result<i64> {
    let inputs = parameter::inputs(&app.store).await?;
    let days = figure_of(&signed.valid, &inputs).filter(|days| *days >= 1.0);
    #[expect(clippy::cast_possible_truncation, reason = "a number of days, bounded by its parameter")]
    days.map(|days| days as i64).ok_or_else(|| Problem::internal("evidence that stands for no day"))
}

/// Looks at the newest attestation of a control.
pub(crate) async fn found(app: &App, control_id: &str, signed: &Signed) -> Result<Found> {
    let newest: Option<Attestation> = app.store.find(sql::NEWEST, args![control_id]).await?;
    let newest = match newest {
        Some(row) => Some(checked(app, row).await?),
        None => None,
    };
    let verdict = rules::judge(newest.as_ref(), &signed.statement_hash, app.store.now());
    let counted = i64::from(verdict == Verdict::Attested);
    Ok(Found {
        verdict,
        value: None,
        threshold: 1.0,
        population: i64::from(newest.is_some()),
        counted,
        from: newest.as_ref().map(|row| row.signed_at),
        row_ids: newest.map(|row| row.id.to_string()).into_iter().collect(),
    })
}

async fn checked(app: &App, row: Attestation) -> Result<Attestation> {
    let genuine = signature::holds(app, &rules::signed_bytes(&row), &row.signature).await?;
    Ok(Attestation { genuine, ..row })
}

/// Returns attestations, newest first.
pub async fn list(app: &App, page: &PageQuery, filter: &AttestationFilter) -> Result<Page<Attestation>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query
        .and_some("control_id =", filter.control.as_deref())
        .and_some("id <", page.after::<Id>()?)
        .push(" ORDER BY id DESC")
        .limit_overfull(size);
    let rows: Vec<Attestation> = app.store.list(query).await?;
    let mut checked_rows = Vec::with_capacity(rows.len());
    for row in rows {
        checked_rows.push(checked(app, row).await?);
    }
    Ok(Page::from_overfull(checked_rows, size, |row: &Attestation| row.id))
}
