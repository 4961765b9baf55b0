use std::borrow::Cow;
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// What every fallible operation of the product returns.
pub type Result<T, E = Problem> = std::result::Result<T, E>;

/// A refusal or failure (错误) that a person can act on.
///
/// `code` is the key of its text in three languages and the `code` of problem+json (RFC 9457).
#[derive(Debug)]
pub struct Problem {
    /// Key of the text, `<domain>.<noun>.<what>`.
    pub code: Cow<'static, str>,
    /// HTTP status.
    pub status: u16,
    /// Values that the text names.
    pub args: BTreeMap<String, Value>,
    /// Single fields at fault, where there are several.
    pub fields: Vec<FieldProblem>,
    /// What went wrong below, for the log; never shown.
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

/// One field at fault (字段错误).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Path of the field in the request, such as `goal.target`.
    pub field: String,
    /// Key of the text.
    pub code: String,
    /// Values that the text names.
    #[schema(value_type = Object)]
    pub args: BTreeMap<String, Value>,
}

macro_rules! kinds {
    ($($(#[$meta:meta])* $name:ident = $status:literal),+ $(,)?) => {
        $($(#[$meta])* pub fn $name(code: impl Into<Cow<'static, str>>) -> Self { Self::new($status, code) })+
    };
}

impl Problem {
    /// Makes a problem with any status.
    pub fn new(status: u16, code: impl Into<Cow<'static, str>>) -> Self {
        Self { code: code.into(), status, args: BTreeMap::new(), fields: Vec::new(), source: None }
    }

    kinds! {
        /// The request makes no sense.
        bad_request = 400,
        /// Nobody is signed in.
        unauthorized = 401,
        /// Somebody is signed in who may not do this.
        forbidden = 403,
        /// It is not there, or the caller may not know that it is.
        not_found = 404,
        /// It changed meanwhile, or its state does not allow this.
        conflict = 409,
        /// The version that the caller saw is not the present one.
        precondition_failed = 412,
        /// The request is too large.
        too_large = 413,
        /// The request is well formed and breaks a rule.
        unprocessable = 422,
        /// The caller must say which version they saw.
        precondition_required = 428,
        /// Too many tries.
        too_many = 429,
        /// A part that this needs is not connected or not answering.
        unavailable = 503,
    }

    /// Refuses to filter by, sort by or change a field that the caller may not see.
    pub fn field_hidden(field: &str) -> Self {
        Self::forbidden("access.field_hidden").with("field", field)
    }

    /// Wraps an unexpected failure: logged with the request id, shown as "internal".
    pub fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let mut problem = Self::new(500, "internal");
        problem.source = Some(source.into());
        problem
    }

    /// Adds a value that the text names.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        let value = serde_json::to_value(value).unwrap_or(Value::Null);
        self.args.insert(name.to_owned(), value);
        self
    }

    /// Adds a field at fault.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>, code: impl Into<String>) -> Self {
        self.fields.push(FieldProblem { field: field.into(), code: code.into(), args: BTreeMap::new() });
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.code, self.status)?;
        for (name, value) in &self.args {
            write!(f, " {name}={value}")?;
        }
        for field in &self.fields {
            write!(f, " [{}: {}]", field.field, field.code)?;
        }
        if let Some(source) = &self.source {
            write!(f, ": {source}")?;
        }
        Ok(())
    }
}

impl Error for Problem {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|e| e as &(dyn Error + 'static))
    }
}
