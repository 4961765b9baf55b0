//! The sample brands and what they say (示例内容): three finished e-mails, written and reviewed by the sample's
//! people through the same doors as everybody's: one approved, one under review, one draft with a fault.

mod files;
pub(crate) mod sql;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use http_kit::App;
use kernel::{
    Actor, Caller, Grant, GrantScope, Id, Label, Language, LocalText, PAGE_SIZE_MAX, PageQuery, Problem,
    Result,
};
use serde::Deserialize;
use store::args;

use self::files::{mail, partial, picture};
use crate::asset::{self, NewAsset};
use crate::brand::{self, Brand, NewBrand};
use crate::content::{self, ContentKind, ContentView, NewContent, Variant};
use crate::partial::NewPartial;
use crate::permissions as p;
use crate::review::{Approving, Submission};
use crate::{preflight, review};

/// Position of whoever writes, in the organisation file.
const WRITER: &str = "campaign-specialist";
/// Position of whoever reviews.
const REVIEWER: &str = "content-reviewer";
/// Position of whoever keeps brands, pictures and partials.
const KEEPER: &str = "brand-director";

/// The organisation file, as far as brands need it.
#[derive(Deserialize)]
struct Org {
    brands: Vec<OrgBrand>,
    people: Vec<OrgPerson>,
}

#[derive(Deserialize)]
struct OrgBrand {
    code: String,
    name: LocalText,
}

#[derive(Deserialize)]
struct OrgPerson {
    email: String,
    position: String,
}

/// `sample/sample.yaml`.
#[derive(Deserialize)]
struct Sample {
    brands: Vec<SampleBrand>,
    assets: Vec<SampleAsset>,
    partials: Vec<SamplePartial>,
    contents: Vec<SampleContent>,
}

#[derive(Deserialize)]
struct SampleBrand {
    key: String,
    sender_address: String,
    sender_names: LocalText,
    link_domains: Vec<String>,
}

#[derive(Deserialize)]
struct SampleAsset {
    brand: String,
    key: String,
    title: String,
    alt: LocalText,
}

#[derive(Deserialize)]
struct SamplePartial {
    brand: String,
    key: String,
    title: String,
}

#[derive(Deserialize)]
struct SampleContent {
    brand: String,
    mail: String,
    title: String,
    until: content::ContentState,
    #[serde(default)]
    message: String,
    lines: BTreeMap<Language, SampleLines>,
}

#[derive(Deserialize)]
struct SampleLines {
    subject: String,
    preheader: String,
}

/// Somebody of the sample company who works with content.
#[derive(Deserialize)]
struct Person {
    id: Id,
    name: String,
    department_id: Option<Id>,
}

/// Loads the two brands with their content and returns their ids by code; what is there already stays.
pub async fn load(app: &App, org_yaml: &str) -> Result<Vec<(String, Id)>> {
    let org: Org = serde_yaml_ng::from_str(org_yaml).map_err(Problem::internal)?;
    let sample: Sample =
        serde_yaml_ng::from_str(include_str!("../../sample/sample.yaml")).map_err(Problem::internal)?;
    let (keeper, _) = person(app, &org, KEEPER).await?;
    let (reviewer, _) = person(app, &org, REVIEWER).await?;
    let (writer, department_id) = person(app, &org, WRITER).await?;
    let mut brands = Vec::new();
    for brand in &org.brands {
        let (brand, is_new) = ensure_brand(app, &keeper, brand, &sample).await?;
        brands.push((brand.key.clone(), brand.id));
        if !is_new {
            continue;
        }
        fill_library(app, &keeper, &brand, &sample).await?;
        for item in sample.contents.iter().filter(|item| item.brand == brand.key) {
            write(app, (&writer, department_id), &reviewer, brand.id, item).await?;
        }
    }
    Ok(brands)
}

/// Says of the sample's content which plan it carries out; what names one already stays.
pub async fn link(app: &App, org_yaml: &str, plan_id: Id) -> Result<()> {
    let org: Org = serde_yaml_ng::from_str(org_yaml).map_err(Problem::internal)?;
    let (writer, _) = person(app, &org, WRITER).await?;
    let filter =
        content::ContentFilter { owner_id: writer.find_user_id(), ..content::ContentFilter::default() };
    let page = PageQuery { page_size: Some(PAGE_SIZE_MAX), cursor: None };
    for item in content::service::list(app, &writer, &page, &filter).await?.items {
        if item.plan_id.is_none() && item.campaign_id.is_none() {
            let patch = content::ContentPatch { plan_id: Some(plan_id), ..content::ContentPatch::default() };
            content::service::update(app, &writer, item.id, item.version, patch).await?;
        }
    }
    Ok(())
}

/// Returns the person in a position, acting with the rights of that position alone.
async fn person(app: &App, org: &Org, position: &'static str) -> Result<(Caller, Option<Id>)> {
    let missing = || Problem::internal(format!("the sample has nobody as {position}"));
    let email = org.people.iter().find(|person| person.position == position).ok_or_else(missing)?;
    let person: Person = app.store.find(sql::PERSON, args![&email.email]).await?.ok_or_else(missing)?;
    let rights = match position {
        WRITER => vec![p::BRAND_READ, p::ASSET_READ, p::PARTIAL_READ, p::CONTENT_READ, p::CONTENT_WRITE],
        REVIEWER => vec![p::BRAND_READ, p::ASSET_READ, p::PARTIAL_READ, p::CONTENT_READ, p::CONTENT_APPROVE],
        _ => vec![
            p::BRAND_READ,
            p::BRAND_WRITE,
            p::ASSET_READ,
            p::ASSET_WRITE,
            p::PARTIAL_READ,
            p::PARTIAL_WRITE,
        ],
    };
    let permissions: BTreeSet<String> = rights.iter().map(|right| right.code.to_owned()).collect();
    let caller = Caller {
        actor: Actor::User { id: person.id, name: person.name, by_token: false },
        grants: Arc::new([Grant { permissions: Arc::new(permissions), scope: GrantScope::Company }]),
        clearance: Label::Internal,
        ..Caller::anonymous(Language::default(), "sample".to_owned())
    };
    Ok((caller, person.department_id))
}

async fn ensure_brand(app: &App, keeper: &Caller, org: &OrgBrand, sample: &Sample) -> Result<(Brand, bool)> {
    if let Some(brand) = app.store.find(brand::sql::FIND_BY_KEY, args![&org.code]).await? {
        return Ok((brand, false));
    }
    let unknown = || Problem::internal(format!("sample.yaml does not know the brand {}", org.code));
    let known = sample.brands.iter().find(|brand| brand.key == org.code).ok_or_else(unknown)?;
    let new = NewBrand {
        key: org.code.clone(),
        names: org.name.clone(),
        sender_names: known.sender_names.clone(),
        sender_address: known.sender_address.clone(),
        link_domains: known.link_domains.clone(),
    };
    Ok((brand::service::create(app, keeper, new).await?, true))
}

async fn fill_library(app: &App, keeper: &Caller, brand: &Brand, sample: &Sample) -> Result<()> {
    for item in sample.assets.iter().filter(|item| item.brand == brand.key) {
        let new = NewAsset {
            brand_id: brand.id,
            department_id: None,
            key: item.key.clone(),
            title: item.title.clone(),
            alt_texts: item.alt.clone(),
            rights_until: None,
            rights_note: "随产品附带的示例图".to_owned(),
        };
        asset::service::create(app, keeper, new, &picture(&item.key)).await?;
    }
    for item in sample.partials.iter().filter(|item| item.brand == brand.key) {
        let new = NewPartial {
            brand_id: brand.id,
            department_id: None,
            key: item.key.clone(),
            title: item.title.clone(),
            sources: LocalText {
                zh_hans: partial(&item.key, Language::ZhHans),
                zh_hant: partial(&item.key, Language::ZhHant),
                en: partial(&item.key, Language::En),
            },
        };
        crate::partial::service::create(app, keeper, new).await?;
    }
    Ok(())
}

async fn write(
    app: &App,
    (writer, department_id): (&Caller, Option<Id>),
    reviewer: &Caller,
    brand_id: Id,
    item: &SampleContent,
) -> Result<()> {
    let variant = |language: &Language, lines: &SampleLines| Variant {
        language: *language,
        subject: lines.subject.clone(),
        preheader: lines.preheader.clone(),
        sender_name: String::new(),
        sender_address: String::new(),
        mjml: mail(&item.mail, *language),
    };
    let new = NewContent {
        brand_id,
        department_id,
        kind: ContentKind::Email,
        title: item.title.clone(),
        languages: Language::ALL.to_vec(),
        campaign_id: None,
        plan_id: None,
        variants: item.lines.iter().map(|(language, lines)| variant(language, lines)).collect(),
    };
    let made: ContentView = content::service::create(app, writer, new).await?;
    let id = made.content.id;
    if item.until == content::ContentState::Draft {
        preflight::service::run(app, writer, id).await?;
        return Ok(());
    }
    let message = Submission { message: item.message.clone() };
    let submitted = review::service::submit(app, writer, id, made.content.version, message).await?;
    if item.until == content::ContentState::Approved {
        let approving = Approving::default();
        review::service::approve(app, reviewer, id, submitted.content.version, approving).await?;
    }
    Ok(())
}
