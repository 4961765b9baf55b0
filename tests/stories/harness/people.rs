//! The people of a company: hired, given roles, with a second factor.

use kernel::Timestamp;
use serde_json::{Value as Json, json};
use totp_rs::{Algorithm, Secret, TOTP};

use super::arrange::id;
use super::{Call, Member, PASSWORD};

/// A member of staff without any role, in a department.
pub async fn hire<'c>(admin: &Member<'c>, email: &str, department_id: Option<&str>) -> Member<'c> {
    let name = email.split('@').next().expect("a name");
    let new = json!({ "name": name, "email": email, "department_id": department_id });
    let user = admin.post("/api/v1/identity/users", new).await;
    admin.company.work().await;
    let mails = admin.list(&format!("/api/v1/connect/mail-drop?recipient={email}")).await;
    let mail = admin.get(&format!("/api/v1/connect/mail-drop/{}", id(&mails[0]))).await;
    let text = mail["text"].as_str().expect("a text");
    let secret = text.lines().find_map(|line| line.split_once('#')).expect("a link").1.trim();
    let new = json!({ "token": secret, "password": PASSWORD });
    let answer = admin.company.anonymous(Call::post("/api/v1/identity/activation").json(&new)).await;
    assert!(answer.status.is_success(), "{}", answer.text);
    let id = id(&user).parse().expect("an id");
    let token = identity::cli::create_token(&admin.company.app, email, "tests", 366).await.expect("a token");
    Member::by_token(admin.company, id, token)
}

/// Makes a department.
pub async fn department(admin: &Member<'_>, code: &str) -> String {
    let new = json!({ "code": code, "names": { "zh-Hans": code, "zh-Hant": code, "en": code } });
    id(&admin.post("/api/v1/identity/departments", new).await)
}

/// Returns the id of a role that comes with the product.
pub async fn role(admin: &Member<'_>, code: &str) -> String {
    let roles = admin.list("/api/v1/identity/roles?page_size=200").await;
    id(roles.iter().find(|role| role["code"] == code).unwrap_or_else(|| panic!("no role {code}")))
}

/// Gives a role within a scope.
pub async fn give(
    admin: &Member<'_>,
    user: &Member<'_>,
    role_code: &str,
    scope: &str,
    place: Option<&str>,
) -> Json {
    let mut grant = json!({ "role_id": role(admin, role_code).await, "scope": scope });
    if let Some(place) = place {
        grant[format!("{scope}_id")] = json!(place);
    }
    admin.post(&format!("/api/v1/identity/users/{}/grants", user.id), grant).await
}

/// Returns the code that an authenticator shows at this time, after its set-up.
pub fn code(setup: &Json, now: Timestamp) -> String {
    let secret = Secret::Encoded(setup["secret"].as_str().expect("a secret").to_owned());
    let key = secret.to_bytes().expect("base32");
    let totp = TOTP::new(Algorithm::SHA1, 6, 1, 30, key, None, "a".to_owned()).expect("a sound key");
    totp.generate((now.ms() / 1000).unsigned_abs())
}
