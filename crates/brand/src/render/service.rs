//! Shows unfinished content as one receiver would see it, with everything that is wrong with it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_kit::App;
use kernel::{Caller, Problem, Result};

use super::api::{Preview, PreviewRequest};
use super::compile;
use super::fill::{self, Absent};
use super::{Library, variables};
use crate::content::{Variant, rules};
use crate::finding::Finding;
use crate::permissions::CONTENT_READ;
use crate::preflight::pack::SHIPPED;
use crate::preflight::rules::{self as checks, Item};
use crate::reader::Reader;
use crate::{brand, closure};

/// Renders a variant that is not saved yet, and checks it.
pub async fn preview(app: &App, caller: &Caller, request: PreviewRequest) -> Result<Preview> {
    rules::check_variants(std::slice::from_ref(&request.variant))?;
    let reader = &mut Reader::Store(&app.store);
    let brand = brand::service::load(reader, request.brand_id).await?;
    may_preview(caller, &request)?;
    let mut library = closure::service::library(reader, app, brand.id).await?;
    let languages = [request.variant.language];
    let variants = closure::rules::senders_filled(&brand, &languages, &[request.variant]);
    let variant = &variants[0];
    if app.settings.public_url.is_none() {
        embed(app, variant, &mut library).await?;
    }
    let personas = variables::personas();
    let persona = match &request.persona {
        None => &personas[0],
        Some(key) => personas.iter().find(|persona| persona.key == *key).ok_or_else(|| {
            Problem::unprocessable("brand.input.invalid")
                .with_field("persona", "brand.render.persona_unknown")
        })?,
    };
    let item = Item {
        brand: &brand,
        languages: &languages,
        variants: &variants,
        library: &library,
        now: app.store.now(),
    };
    let checked = checks::check_variant(&item, variant, &SHIPPED);
    let values = variables::values(persona, variant.language, &brand.names);
    let mut findings = checked.findings;
    let mut filled = |template: &str| {
        fill::fill(template, &values, Absent::Empty).unwrap_or_else(|fault| {
            add(&mut findings, fault.of(variant.language));
            String::new()
        })
    };
    let mut preview = Preview {
        subject: filled(&variant.subject),
        preheader: filled(&variant.preheader),
        sender_name: variant.sender_name.clone(),
        sender_address: variant.sender_address.clone(),
        html: checked.compiled.as_ref().map(|compiled| filled(&compiled.html)),
        text: checked.compiled.as_ref().map(|compiled| filled(&compiled.text)),
        persona: persona.key.clone(),
        findings: Vec::new(),
    };
    checks::sort(&mut findings);
    for finding in &mut findings {
        finding.say(&app.texts, caller.language);
    }
    preview.findings = findings;
    Ok(preview)
}

/// Whoever may see content of this brand, or their own, may see a preview.
fn may_preview(caller: &Caller, request: &PreviewRequest) -> Result<()> {
    let scope = caller.scope(CONTENT_READ)?;
    let brand = Some(request.brand_id);
    scope.require(brand, request.department_id, caller.find_user_id())
}

fn add(findings: &mut Vec<Finding>, finding: Finding) {
    if findings.iter().all(|seen| seen.code != finding.code) {
        findings.push(finding);
    }
}

/// Puts the bytes of pictures in, where there is no public origin to fetch them from.
async fn embed(app: &App, variant: &Variant, library: &mut Library) -> Result<()> {
    let used = {
        let words = closure::rules::words(variant);
        let Ok(source) = compile::read(&words, library) else { return Ok(()) };
        closure::rules::asset_keys(&source)
    };
    for key in used {
        let Some(asset) = library.assets.get_mut(&key) else { continue };
        let hash = asset.blob_hash.parse().map_err(Problem::internal)?;
        let bytes = app.blobs.get(&hash).await?;
        asset.address = format!("data:{};base64,{}", asset.content_type, STANDARD.encode(bytes));
    }
    Ok(())
}
