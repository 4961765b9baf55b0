use crate::sources::{Source, files};

const FILE_LINES_MAX: usize = 800;
const TEST_LINES_MAX: usize = 1500;
const FUNCTION_LINES_MAX: usize = 70;
/// Written by a generator.
const GENERATED: &[&str] = &["web/src/api/schema.ts"];

pub fn check() -> anyhow::Result<Vec<String>> {
    let mut findings = Vec::new();
    let sources = [files("crates", &[".rs"])?, files("xtask", &[".rs"])?, files("tests", &[".rs", ".ts"])?];
    let web = files("web/src", &[".ts", ".tsx"])?;
    for source in sources.iter().flatten().chain(&web) {
        let path = source.path.display().to_string();
        if GENERATED.contains(&path.as_str()) {
            continue;
        }
        let (lines, most) =
            (source.text.lines().count(), if source.is_test() { TEST_LINES_MAX } else { FILE_LINES_MAX });
        if lines > most {
            findings.push(format!("sizes: {path} has {lines} lines, at most {most}"));
        }
        if path.ends_with(".rs") {
            findings.extend(long_functions(source).map(|(name, n)| {
                format!("sizes: {path}: fn {name} has {n} lines, at most {FUNCTION_LINES_MAX}")
            }));
        }
    }
    Ok(findings)
}

/// Finds long functions by indentation: rustfmt closes a function where it opened.
fn long_functions(source: &Source) -> impl Iterator<Item = (String, usize)> {
    let lines: Vec<&str> = source.text.lines().collect();
    let mut long = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let Some(name) = function_name(code) else { continue };
        // A method that a trait only declares has no end to look for.
        let head = lines[start..].iter().find(|l| l.ends_with(['{', '}', ';']));
        if head.is_some_and(|l| l.ends_with(';')) {
            continue;
        }
        let close = format!("{}}}", &line[..line.len() - code.len()]);
        let Some(length) = lines[start..].iter().position(|l| *l == close) else { continue };
        if length + 1 > FUNCTION_LINES_MAX {
            long.push((name.to_owned(), length + 1));
        }
    }
    long.into_iter()
}

fn function_name(code: &str) -> Option<&str> {
    let heads = ["pub(crate) ", "pub(super) ", "pub ", "async ", "const ", "unsafe "];
    let mut rest = code;
    while let Some(shorter) = heads.iter().find_map(|head| rest.strip_prefix(head)) {
        rest = shorter;
    }
    rest.strip_prefix("fn ")?.split(['(', '<']).next()
}
