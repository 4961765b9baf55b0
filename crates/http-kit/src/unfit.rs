use kernel::Problem;

/// Why a value does not fit, read from serde's English words so that it can be said in any language.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// A field is not there.
    Missing(String),
    /// There is no such field.
    UnknownField(String),
    /// The field stands there twice.
    Twice(String),
    /// None of the words that the field knows.
    UnknownWord { found: String, known: String },
    /// Another type was expected; the code that names it.
    Type(&'static str),
    /// Something else.
    Other,
}

/// Reads serde's words.
pub(crate) fn read(reason: &str) -> Unfit {
    let quoted = |rest: &str| rest.split('`').next().unwrap_or_default().to_owned();
    if let Some(rest) = reason.strip_prefix("missing field `") {
        return Unfit::Missing(quoted(rest));
    }
    if let Some(rest) = reason.strip_prefix("unknown field `") {
        return Unfit::UnknownField(quoted(rest));
    }
    if let Some(rest) = reason.strip_prefix("duplicate field `") {
        return Unfit::Twice(quoted(rest));
    }
    if let Some(rest) = reason.strip_prefix("unknown variant `") {
        let known: Vec<&str> = rest.split('`').skip(2).step_by(2).collect();
        return Unfit::UnknownWord { found: quoted(rest), known: known.join(", ") };
    }
    // What the query string and the path say of numbers and yes or no.
    if reason.starts_with("invalid digit found")
        || reason.starts_with("number too ")
        || reason.starts_with("cannot parse integer")
    {
        return Unfit::Type("http.value.type_integer");
    }
    if reason.starts_with("invalid float literal") {
        return Unfit::Type("http.value.type_number");
    }
    if reason.starts_with("provided string was not `true` or `false`") {
        return Unfit::Type("http.value.type_boolean");
    }
    let wrong = ["invalid type: ", "invalid value: ", "invalid length "]
        .iter()
        .any(|begin| reason.starts_with(begin));
    match reason.rsplit_once(", expected ") {
        Some((_, expected)) if wrong => type_code(expected).map_or(Unfit::Other, Unfit::Type),
        _ => Unfit::Other,
    }
}

fn type_code(expected: &str) -> Option<&'static str> {
    const INTEGERS: [&str; 8] = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"];
    let first = expected.split(' ').next().unwrap_or_default();
    Some(match expected {
        "a string" | "string" | "borrowed string" => "http.value.type_text",
        "a boolean" | "bool" => "http.value.type_boolean",
        "f32" | "f64" => "http.value.type_number",
        "a sequence" | "sequence" => "http.value.type_list",
        "a map" | "map" => "http.value.type_object",
        "usize" | "isize" => "http.value.type_integer",
        _ if INTEGERS.contains(&expected) => "http.value.type_integer",
        _ if first == "struct" => "http.value.type_object",
        _ => return None,
    })
}

/// Spells the path of a field as people read it; the whole is none.
pub(crate) fn shown(path: &str) -> String {
    path.trim_matches('.').replace(".[", "[").replace('?', "")
}

impl Unfit {
    /// Says it, for the value at `path`.
    pub(crate) fn problem(self, path: &str) -> Problem {
        let path = shown(path);
        let inner = |name: &str| match path.as_str() {
            "" => name.to_owned(),
            // serde names a field that is unknown or there twice in the path already, a missing one not.
            path if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
            path => format!("{path}.{name}"),
        };
        match self {
            Self::Missing(name) => Problem::bad_request("http.value.missing").with("field", inner(&name)),
            Self::UnknownField(name) => {
                Problem::bad_request("http.value.unknown_field").with("field", inner(&name))
            }
            Self::Twice(name) => Problem::bad_request("http.value.twice").with("field", inner(&name)),
            Self::UnknownWord { found, known } => Problem::bad_request("http.value.unknown_word")
                .with("field", path)
                .with("found", found)
                .with("known", known),
            Self::Type(code) => Problem::bad_request(code).with("field", path),
            Self::Other => Problem::bad_request("http.value.unfit").with("field", path),
        }
    }
}
