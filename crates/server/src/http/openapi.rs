use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, Info, License, OpenApi};
use utoipa::{PartialSchema, ToSchema};

use http_kit::ProblemBody;

/// Completes the document that the operations wrote: title, sign-in, the shape of problems.
pub fn openapi(mut document: OpenApi) -> OpenApi {
    let mut info = Info::new("Brandwright", env!("CARGO_PKG_VERSION"));
    info.description = Some("Runs a company's marketing rulebook.".to_owned());
    let mut license = License::new("Apache-2.0");
    license.identifier = Some("Apache-2.0".to_owned());
    info.license = Some(license);
    document.info = info;
    let mut components = document.components.take().unwrap_or_else(|| ComponentsBuilder::new().build());
    let mut schemas = vec![(ProblemBody::name().into_owned(), ProblemBody::schema())];
    ProblemBody::schemas(&mut schemas);
    components.schemas.extend(schemas);
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("bw_session")));
    let token = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    components.security_schemes.insert("session".to_owned(), cookie.into());
    components.security_schemes.insert("token".to_owned(), token.into());
    document.components = Some(components);
    document
}
