//! Fills the places of a compiled template for one receiver, within bounds.

use std::io;

use minijinja::value::Serde;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};
use serde_json::Value;

use crate::finding::Finding;

/// Steps that one template may take for one receiver.
const FUEL: u64 = 100_000;
/// Longest result in bytes.
const RESULT_MAX: usize = 2_000_000;

/// What an absent value does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// It is an error: for checks.
    Refused,
    /// It is empty: for previews of unfinished text.
    Empty,
}

/// Fills a template with the values of one receiver.
pub fn fill(template: &str, values: &Value, absent: Absent) -> Result<String, Finding> {
    let environment = environment(absent);
    let template = environment.template_from_str(template).map_err(|error| explain(&error))?;
    let mut result = Bounded(Vec::new());
    template
        .render_captured_to(minijinja::Value::from(Serde(values)), &mut result)
        .map_err(|error| explain(&error))?;
    Ok(String::from_utf8(result.0).expect("a template writes text"))
}

/// Returns the names that a template asks for, such as `customer.name`; `None` where it is broken.
pub fn names(template: &str) -> Option<Vec<String>> {
    let environment = environment(Absent::Refused);
    let template = environment.template_from_str(template).ok()?;
    let mut names: Vec<String> = template.undeclared_variables(true).into_iter().collect();
    names.sort();
    Some(names)
}

/// Returns what is wrong with the grammar of a template, if anything.
pub fn fault(template: &str) -> Option<(Finding, Option<usize>)> {
    let environment = environment(Absent::Refused);
    environment.template_from_str(template).err().map(|error| (explain(&error), error.line()))
}

fn environment(absent: Absent) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_fuel(Some(FUEL));
    environment.set_undefined_behavior(match absent {
        Absent::Refused => UndefinedBehavior::Strict,
        Absent::Empty => UndefinedBehavior::Chainable,
    });
    for function in ["range", "dict", "debug", "namespace"] {
        environment.remove_global(function);
    }
    environment
}

/// Says what failed; the detail of the template engine is kept for those who know it.
fn explain(error: &Error) -> Finding {
    let code = match error.kind() {
        ErrorKind::SyntaxError => "brand.render.syntax",
        ErrorKind::UndefinedError => "brand.render.value_absent",
        ErrorKind::UnknownFilter | ErrorKind::UnknownFunction | ErrorKind::UnknownTest => {
            "brand.render.word_unknown"
        }
        ErrorKind::OutOfFuel | ErrorKind::WriteFailure => "brand.render.too_long",
        _ => "brand.render.failed",
    };
    Finding::serious(code).with("detail", error.detail().unwrap_or_default())
}

/// Memory that takes only so much.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > RESULT_MAX {
            return Err(io::Error::other("the result is too long"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_escaped_where_the_template_says_so() {
        let values = json!({"customer": {"name": "<b>\"王\"</b>"}});
        let html = "{% autoescape 'html' %}<a t=\"{{ customer.name }}\">{% endautoescape %}";
        let filled = fill(html, &values, Absent::Refused).expect("sound");
        assert_eq!(filled, "<a t=\"&lt;b&gt;&quot;王&quot;&lt;&#x2f;b&gt;\">");
        assert_eq!(fill("{{ customer.name }}", &values, Absent::Refused).expect("sound"), "<b>\"王\"</b>");
    }

    #[test]
    fn an_absent_value_is_refused_or_empty() {
        let refused = fill("{{ customer.shoe_size }}", &json!({"customer": {}}), Absent::Refused);
        assert_eq!(refused.expect_err("absent").code, "brand.render.value_absent");
        assert_eq!(fill("a{{ x.y.z }}b", &json!({}), Absent::Empty).expect("empty"), "ab");
    }

    #[test]
    fn no_template_runs_or_grows_without_end() {
        let many: Vec<i32> = (0..20_000).collect();
        let code =
            |template: &str| fill(template, &json!({"a": many}), Absent::Refused).expect_err("stopped").code;
        assert_eq!(code("{% for x in a %}{% for y in a %}{% endfor %}{% endfor %}"), "brand.render.too_long");
        assert_eq!(code("{% for x in a %}{{ 'x' * 1000 }}{% endfor %}"), "brand.render.too_long");
        assert_eq!(code("{{ range(9) }}"), "brand.render.word_unknown");
    }

    #[test]
    fn names_are_read_without_running() {
        let names =
            names("{% for p in products %}{{ p.name }}{{ loop.index }}{% endfor %}{{ customer.name }}");
        assert_eq!(names.expect("sound"), ["customer.name", "products"]);
    }
}
