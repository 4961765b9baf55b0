//! Reads the configuration, and says of a mistake where it stands: file and line, or the variable.

use std::path::{Path, PathBuf};

use figment::Figment;
use figment::error::Kind;
use figment::providers::{Env, Format, Serialized, Toml};

use super::Config;

/// Beginning of the environment's variables.
const PREFIX: &str = "BRANDWRIGHT_";
/// What scripts of this repository set for themselves; no keys of the configuration.
const OF_SCRIPTS: &[&str] = &["data", "ci_cache", "url"];

/// The file with its text, where there is one.
struct Source {
    path: PathBuf,
    text: String,
}

/// Reads defaults, then the file, then the environment, then what the command line says.
pub(super) fn load(file: Option<&Path>, data_dir: Option<&Path>) -> anyhow::Result<Config> {
    let source = source(file, data_dir)?;
    let mut figment = Figment::from(Serialized::defaults(Config::default()));
    if let Some(source) = &source {
        check_syntax(source)?;
        figment = figment.merge(Toml::string(&source.text));
    }
    figment = figment.merge(environment());
    if let Some(dir) = data_dir {
        figment = figment.merge(Serialized::default("data_dir", dir));
    }
    let config: Config = figment.extract().map_err(|error| mistakes(error, source.as_ref()))?;
    config.check().map_err(|(key, words)| {
        let place = place(source.as_ref(), &key);
        anyhow::anyhow!("{}{key} {words}", place.map(|place| format!("{place}: ")).unwrap_or_default())
    })?;
    Ok(config)
}

fn environment() -> Env {
    Env::prefixed(PREFIX).ignore(OF_SCRIPTS).split("__")
}

fn source(file: Option<&Path>, data_dir: Option<&Path>) -> anyhow::Result<Option<Source>> {
    let in_data = data_dir.map(|dir| dir.join("brandwright.toml")).filter(|path| path.is_file());
    let Some(path) = file.map(Path::to_path_buf).or(in_data) else { return Ok(None) };
    let text = std::fs::read_to_string(&path).map_err(|error| {
        anyhow::anyhow!("the configuration file {} cannot be read: {error}", path.display())
    })?;
    Ok(Some(Source { path, text }))
}

fn check_syntax(source: &Source) -> anyhow::Result<()> {
    let Err(error) = Figment::from(Toml::string(&source.text)).extract::<figment::value::Dict>() else {
        return Ok(());
    };
    let words = error.to_string();
    // "TOML parse error at line 2, column 7", the line itself with a mark below it, and the reason.
    let line = words.split_once("at line ").and_then(|(_, rest)| rest.split(',').next()).unwrap_or("?");
    let words = words.trim_end().trim_end_matches("in TOML source string");
    let reason = words.lines().map(str::trim).filter(|line| !line.is_empty() && !line.contains('|'));
    let reason: Vec<&str> = reason.skip(1).collect();
    anyhow::bail!("{}:{line}: this is not TOML: {}", source.path.display(), reason.join("; "));
}

/// Says every mistake on a line of its own.
fn mistakes(error: figment::Error, source: Option<&Source>) -> anyhow::Error {
    let mut lines = Vec::new();
    for error in error {
        let mut path = error.path.clone();
        if let Kind::UnknownField(name, _) = &error.kind
            && path.last() != Some(name)
        {
            path.push(name.clone());
        }
        let key = path.join(".");
        let place = place(source, &key).unwrap_or_else(|| "configuration".to_owned());
        lines.push(format!("{place}: {}", in_words(&key, &error.kind)));
    }
    anyhow::anyhow!(lines.join("\n"))
}

fn in_words(key: &str, kind: &Kind) -> String {
    match kind {
        Kind::UnknownField(_, known) => {
            format!("there is no key {key}; this section has {}", known.join(", "))
        }
        Kind::UnknownVariant(found, known) => {
            format!("{key} cannot be {found:?}; it can be {}", known.join(", "))
        }
        Kind::InvalidType(found, expected) => format!("{key} must be {}, and is {found}", of_type(expected)),
        Kind::InvalidValue(found, expected) => format!("{key} must be {}, and is {found}", of_type(expected)),
        Kind::MissingField(name) => format!("{key}.{name} is not set").trim_start_matches('.').to_owned(),
        other => format!("{key}: {other}"),
    }
}

fn of_type(expected: &str) -> String {
    match expected {
        "usize" | "u8" | "u16" | "u32" | "u64" => "a whole number from 0".to_owned(),
        "a string" | "string" => "a text in quotes".to_owned(),
        "a boolean" | "bool" => "true or false".to_owned(),
        other => other
            .strip_prefix("struct ")
            .map_or(other.to_owned(), |_| "a section with keys of its own".to_owned()),
    }
}

/// Returns where a key was set: the variable, which goes before the file, or the line of the file.
fn place(source: Option<&Source>, key: &str) -> Option<String> {
    let set = environment().iter().any(|(name, _)| name.as_str() == key);
    if set {
        return Some(format!("environment variable {PREFIX}{}", key.replace('.', "__").to_uppercase()));
    }
    let source = source?;
    Some(format!("{}:{}", source.path.display(), line_of(&source.text, key)?))
}

/// Finds the line on which a key stands; of a section that is written as a table, its heading.
fn line_of(text: &str, key: &str) -> Option<usize> {
    let bare = |name: &str| {
        name.split('.').map(|part| part.trim().trim_matches(['"', '\''])).collect::<Vec<_>>().join(".")
    };
    let mut section = String::new();
    let mut around = None;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(heading) = line.strip_prefix('[') {
            section = bare(heading.trim_start_matches('[').split(']').next().unwrap_or_default());
            if section == key {
                return Some(number + 1);
            }
            continue;
        }
        let Some((name, _)) = line.split_once('=').filter(|_| !line.starts_with('#')) else { continue };
        let name = if section.is_empty() { bare(name) } else { format!("{section}.{}", bare(name)) };
        if name == key {
            return Some(number + 1);
        }
        // An inline table holds the key on the line of its own name.
        if key.strip_prefix(&name).is_some_and(|rest| rest.starts_with('.')) {
            around = Some(number + 1);
        }
    }
    around
}
