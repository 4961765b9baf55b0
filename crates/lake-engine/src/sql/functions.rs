//! Functions (函数): two of our own, and which of DataFusion's a question can use.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray;
use arrow_schema::DataType;
use datafusion::arrow::compute::cast;
use datafusion::common::exec_err;
use datafusion::error::Result;
use datafusion::execution::SessionStateDefaults;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::people::{LazyPeople, number, spelled};

/// Functions that make much of little in one step, before anybody can count it, and one that says what we are built of.
const LEFT_OUT: &[&str] = &["repeat", "lpad", "rpad", "version"];

/// Returns DataFusion's functions of single values that a question can use.
pub fn offered() -> Vec<Arc<ScalarUDF>> {
    let mut all = SessionStateDefaults::default_scalar_functions();
    all.retain(|function| !LEFT_OUT.contains(&function.name()));
    all
}

/// Spells ids that stand as sixteen bytes (编号转文本).
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct IdText(Signature);

impl IdText {
    /// Makes the function.
    pub fn function() -> ScalarUDF {
        ScalarUDF::from(Self(Signature::any(1, Volatility::Immutable)))
    }
}

impl ScalarUDFImpl for IdText {
    fn name(&self) -> &str {
        "id_text"
    }

    fn signature(&self) -> &Signature {
        &self.0
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let ids = ids(&args)?;
        let mut texts = StringBuilder::with_capacity(ids.len(), ids.len() * 36);
        ids.into_iter().for_each(|id| texts.append_option(id.map(spelled)));
        Ok(ColumnarValue::Array(Arc::new(texts.finish())))
    }
}

/// Finds the person whom a node belongs to (节点归属).
#[derive(Debug)]
pub struct PersonOf {
    signature: Signature,
    people: Arc<LazyPeople>,
}

impl PersonOf {
    /// Makes the function over one copy.
    pub fn function(people: Arc<LazyPeople>) -> ScalarUDF {
        ScalarUDF::from(Self { signature: Signature::any(1, Volatility::Immutable), people })
    }
}

impl PartialEq for PersonOf {
    fn eq(&self, other: &Self) -> bool {
        self.people.file() == other.people.file()
    }
}

impl Eq for PersonOf {}

impl Hash for PersonOf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.people.file().hash(state);
    }
}

impl ScalarUDFImpl for PersonOf {
    fn name(&self) -> &str {
        "person_of"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let people = self.people.get()?;
        let ids = ids(&args)?;
        let mut texts = StringBuilder::with_capacity(ids.len(), ids.len() * 36);
        // Events are ordered by node: the same one often follows.
        let mut last = (None, None);
        for id in ids {
            if last.0 != id {
                last = (id, id.and_then(|id| people.of(id)).map(spelled));
            }
            texts.append_option(last.1.as_deref());
        }
        Ok(ColumnarValue::Array(Arc::new(texts.finish())))
    }
}

fn ids(args: &ScalarFunctionArgs) -> Result<Vec<Option<u128>>> {
    let array: ArrayRef = match args.args.first() {
        Some(value) => value.to_array(args.number_rows)?,
        None => return exec_err!("an id is needed"),
    };
    if let Some(bytes) = array.as_fixed_size_binary_opt() {
        let id = |bytes: &[u8]| bytes.try_into().ok().map(u128::from_be_bytes);
        return Ok(bytes.iter().map(|bytes| bytes.and_then(id)).collect());
    }
    let texts = cast(&array, &DataType::Utf8)?;
    Ok(texts.as_string::<i32>().iter().map(|text| text.and_then(number)).collect())
}
