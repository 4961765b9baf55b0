/// Declares a closed set of words (状态、种类) that is the same text in the database, in JSON and in code.
///
/// ```
/// kernel::text_enum! {
///     /// Direction (方向) of a sort.
///     pub enum Direction { Ascending = "asc", Descending = "desc" }
/// }
/// assert_eq!(Direction::Ascending.as_str(), "asc");
/// assert_eq!("desc".parse(), Ok(Direction::Descending));
/// ```
#[macro_export]
macro_rules! text_enum {
    // The text is taken as a token: as a `literal` it would reach the schema's derive wrapped, and the document
    // would name the variant instead.
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:tt),+ $(,)? }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive($crate::__private::Serialize, $crate::__private::Deserialize, $crate::__private::ToSchema)]
        $(#[$meta])*
        #[serde(crate = "kernel::__private::serde")]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the text that stands in the database and in JSON.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> std::result::Result<Self, String> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    other => Err(format!("unknown {} {other:?}", stringify!($name))),
                }
            }
        }
    };
}
