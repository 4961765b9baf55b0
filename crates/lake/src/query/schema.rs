//! Schema (结构) of a question: each kind stands whole.
//!
//! Every kind refuses words that it does not know, so it cannot be put together with its tag from two halves, as a
//! derived schema would do it: each half would refuse what the other brings, and nothing would satisfy both.

use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::{Funnel, PerPerson, Question, Retention, Rfm, Total};

impl PartialSchema for Question {
    fn schema() -> RefOr<Schema> {
        OneOfBuilder::new()
            .description(Some("Question (问题) about events."))
            .item(tagged::<Total>("total"))
            .item(tagged::<Funnel>("funnel"))
            .item(tagged::<Retention>("retention"))
            .item(tagged::<PerPerson>("per_person"))
            .item(tagged::<Rfm>("rfm"))
            .into()
    }
}

impl ToSchema for Question {
    fn name() -> std::borrow::Cow<'static, str> {
        "EventQuestion".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Total::schemas(schemas);
        Funnel::schemas(schemas);
        Retention::schemas(schemas);
        PerPerson::schemas(schemas);
        Rfm::schemas(schemas);
    }
}

/// One kind with the word that says so.
fn tagged<T: ToSchema>(word: &str) -> RefOr<Schema> {
    let RefOr::T(Schema::Object(mut kind)) = T::schema() else {
        return Ref::from_schema_name(T::name()).into();
    };
    let tag = ObjectBuilder::new().schema_type(Type::String).enum_values(Some([word])).build();
    kind.properties.insert("type".to_owned(), RefOr::T(Schema::Object(tag)));
    kind.required.push("type".to_owned());
    RefOr::T(Schema::Object(kind))
}
