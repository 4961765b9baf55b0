use axum::http::{Method, header};
use kernel::Id;
use serde_json::{Value as Json, json};

use super::{Answer, Call, Company, PASSWORD};

const BROWSER: &str = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36";

/// Somebody who works in the company, with what proves who they are.
#[derive(Clone, Debug)]
pub struct Member<'c> {
    pub company: &'c Company,
    pub id: Id,
    proof: Proof,
}

#[derive(Clone, Debug)]
enum Proof {
    Token(String),
    Cookies(String),
}

impl<'c> Member<'c> {
    pub fn by_token(company: &'c Company, id: Id, token: String) -> Self {
        Self { company, id, proof: Proof::Token(token) }
    }

    /// Signs in as a browser does.
    pub async fn signed_in(company: &'c Company, email: &str, totp: Option<String>) -> Self {
        let answer = Self::try_sign_in(company, email, PASSWORD, totp).await;
        Self::of_session(company, &answer)
    }

    pub async fn try_sign_in(
        company: &'c Company,
        email: &str,
        password: &str,
        totp: Option<String>,
    ) -> Answer {
        let body = json!({ "email": email, "password": password, "totp": totp });
        let call = Call::post("/api/v1/identity/session").json(&body);
        company.anonymous(call.header("user-agent", BROWSER).header("x-brandwright", "1")).await
    }

    /// Goes on with the session that an answer opened.
    pub fn of_session(company: &'c Company, answer: &Answer) -> Self {
        assert!(answer.status.is_success(), "{}: {}", answer.status, answer.text);
        let pairs = answer.headers.get_all(header::SET_COOKIE).iter();
        let pairs = pairs.filter_map(|value| value.to_str().ok()?.split(';').next());
        let id = answer.json["user"]["id"].as_str().or(answer.json["user_id"].as_str());
        let id = id.and_then(|id| id.parse().ok()).unwrap_or_else(|| panic!("nobody in {}", answer.text));
        Self { company, id, proof: Proof::Cookies(pairs.collect::<Vec<_>>().join("; ")) }
    }

    /// Makes a request.
    pub async fn call(&self, call: Call) -> Answer {
        let call = match &self.proof {
            Proof::Token(token) => call.header("authorization", format!("Bearer {token}")),
            Proof::Cookies(cookies) => call
                .header("cookie", cookies.clone())
                .header("user-agent", BROWSER)
                .header("x-brandwright", "1"),
        };
        self.company.answer(call.request()).await
    }

    /// Reads; the answer must be yes.
    pub async fn get(&self, path: &str) -> Json {
        self.expect(Call::get(path)).await
    }

    /// Reads the rows of a list.
    pub async fn list(&self, path: &str) -> Vec<Json> {
        let page = self.get(path).await;
        page["items"].as_array().unwrap_or_else(|| panic!("{path} is no list: {page}")).clone()
    }

    /// Makes something; the answer must be yes.
    pub async fn post(&self, path: &str, body: Json) -> Json {
        self.expect(Call::post(path).json(&body)).await
    }

    /// Does something to a row as it was seen; the answer must be yes.
    pub async fn act(&self, method: Method, path: &str, seen: &Json, body: Json) -> Json {
        self.expect(Call::new(method, path).seen(seen).json(&body)).await
    }

    /// Makes a request whose answer must be yes.
    pub async fn expect(&self, call: Call) -> Json {
        let (method, path) = (call.method.clone(), call.path.clone());
        let answer = self.call(call).await;
        assert!(answer.status.is_success(), "{method} {path}: {} {}", answer.status, answer.text);
        answer.json
    }
}
