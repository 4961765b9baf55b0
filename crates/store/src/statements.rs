use crate::Dialect;

/// A statement that was declared with [`sql!`](crate::sql), for the test that prepares them all.
#[derive(Debug)]
pub struct Statement {
    /// Where it is declared.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
    /// The one database that it is for; `None`: both.
    pub dialect: Option<Dialect>,
}

inventory::collect!(Statement);

/// Returns every declared statement that is linked into this program.
pub fn statements() -> impl Iterator<Item = &'static Statement> {
    inventory::iter::<Statement>.into_iter()
}

/// Declares statements as constants and registers them, so that a test prepares each on both databases.
///
/// Portable SQL only: `$1` places, `BIGINT`, `CAST(… AS BIGINT)` around sums and literals that are
/// read, `ON CONFLICT`, `RETURNING`, common table expressions, window functions; no `now()`, `ILIKE`,
/// JSON operators or arrays.
///
/// ```
/// store::sql! {
///     /// One checkpoint.
///     FIND = "SELECT at, head FROM audit_checkpoint WHERE position = $1";
/// }
/// # fn main() { assert!(FIND.starts_with("SELECT")); }
/// ```
#[macro_export]
macro_rules! sql {
    ($($(#[$meta:meta])* $vis:vis $name:ident = $text:expr;)+) => { $(
        $(#[$meta])*
        $vis const $name: &str = $text;
        $crate::inventory::submit! {
            $crate::Statement { name: concat!(module_path!(), "::", stringify!($name)), text: $text, dialect: None }
        }
    )+ };
}

/// Declares statements that only one database can run; what [`sql!`](crate::sql) says holds here too.
macro_rules! sql_on {
    ($dialect:ident: $($(#[$meta:meta])* $vis:vis $name:ident = $text:expr;)+) => { $(
        $(#[$meta])*
        $vis const $name: &str = $text;
        $crate::inventory::submit! {
            $crate::Statement {
                name: concat!(module_path!(), "::", stringify!($name)),
                text: $text,
                dialect: Some($crate::Dialect::$dialect),
            }
        }
    )+ };
}
pub(crate) use sql_on;
