//! What a product may be called, and what a change makes of it.

use kernel::{LocalText, Problem, Result};

use super::{NewProduct, Product, ProductPatch};

/// Source of products that nobody names one for: the importer's.
pub(crate) const SOURCE_DEFAULT: &str = "import";
/// Characters of a name in one language.
const NAME_MAX: usize = 500;

/// Refuses lengths out of bounds, field by field.
pub(crate) fn check_new(new: &NewProduct) -> Result<()> {
    let mut check = Check::default();
    check.length("sku", &new.sku, 1, 80);
    if let Some(source) = &new.source {
        check.length("source", source, 1, 60);
    }
    check.names(&new.names);
    check.optional("department", new.department.as_ref(), 100);
    check.optional("category", new.category.as_ref(), 100);
    check.optional("product_type", new.product_type.as_ref(), 100);
    check.optional("package_size", new.package_size.as_ref(), 60);
    check.optional("manufacturer", new.manufacturer.as_ref(), 100);
    check.result()
}

/// Refuses lengths out of bounds, field by field.
pub(crate) fn check_patch(patch: &ProductPatch) -> Result<()> {
    let mut check = Check::default();
    if let Some(names) = &patch.names {
        check.names(names);
    }
    check.optional("department", patch.department.as_ref(), 100);
    check.optional("category", patch.category.as_ref(), 100);
    check.optional("product_type", patch.product_type.as_ref(), 100);
    check.optional("package_size", patch.package_size.as_ref(), 60);
    check.optional("manufacturer", patch.manufacturer.as_ref(), 100);
    check.result()
}

#[derive(Default)]
struct Check(Option<Problem>);

impl Check {
    fn fault(&mut self, field: &str, code: &'static str) {
        let problem = self.0.take().unwrap_or_else(|| Problem::unprocessable("catalog.product.invalid"));
        self.0 = Some(problem.with_field(field, code));
    }

    fn length(&mut self, field: &str, text: &str, min: usize, max: usize) {
        let length = text.trim().chars().count();
        if length < min {
            self.fault(field, "catalog.field.required");
        } else if length > max || text.chars().any(char::is_control) {
            self.fault(field, "catalog.field.too_long");
        }
    }

    fn optional(&mut self, field: &str, text: Option<&String>, max: usize) {
        if let Some(text) = text {
            self.length(field, text, 0, max);
        }
    }

    fn names(&mut self, names: &LocalText) {
        for (field, name) in
            [("names.zh-Hans", &names.zh_hans), ("names.zh-Hant", &names.zh_hant), ("names.en", &names.en)]
        {
            self.length(field, name, 0, NAME_MAX);
        }
        if title(names).is_empty() {
            self.fault("names", "catalog.product.name_required");
        }
    }

    fn result(self) -> Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}

/// Returns the name that lists sort and reports show: the first that is written.
pub(crate) fn title(names: &LocalText) -> &str {
    [&names.zh_hans, &names.zh_hant, &names.en]
        .into_iter()
        .map(|name| name.trim())
        .find(|n| !n.is_empty())
        .unwrap_or("")
}

/// Returns what a search looks through: number and all names, in lower case.
pub(crate) fn search_text(sku: &str, names: &LocalText) -> String {
    format!("{sku}\n{}\n{}\n{}", names.zh_hans, names.zh_hant, names.en).to_lowercase()
}

/// Returns the product with the changes; empty text clears a field.
pub(crate) fn patched(before: &Product, patch: ProductPatch) -> Product {
    let mut after = before.clone();
    after.brand_id = patch.brand_id.or(after.brand_id);
    after.names = patch.names.unwrap_or(after.names);
    after.state = patch.state.unwrap_or(after.state);
    let fields = [
        (&mut after.department, patch.department),
        (&mut after.category, patch.category),
        (&mut after.product_type, patch.product_type),
        (&mut after.package_size, patch.package_size),
        (&mut after.manufacturer, patch.manufacturer),
    ];
    for (field, change) in fields {
        if let Some(text) = change {
            *field = filled(&text);
        }
    }
    after
}

/// Returns trimmed text, or nothing where it is blank.
pub(crate) fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() { None } else { Some(text.to_owned()) }
}

/// Returns names from a name whose language nobody said: Chinese where it has Chinese characters.
pub(crate) fn names_of(name: &str) -> LocalText {
    let chinese = name.chars().any(|c| matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}'));
    let (zh_hans, en) =
        if chinese { (name.to_owned(), String::new()) } else { (String::new(), name.to_owned()) };
    LocalText { zh_hans, zh_hant: String::new(), en }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ProductState;
    use kernel::{Id, Timestamp};

    fn tea() -> Product {
        Product {
            id: Id::new(),
            brand_id: None,
            source: "import".into(),
            sku: "T-1".into(),
            names: names_of("龙井茶"),
            department: Some("茶".into()),
            category: None,
            product_type: None,
            package_size: Some("250 g".into()),
            manufacturer: None,
            state: ProductState::Active,
            price: None,
            purchase_price: None,
            currency: None,
            import_id: None,
            created_by: None,
            created_at: Timestamp::default(),
            updated_at: Timestamp::default(),
            version: 1,
        }
    }

    #[test]
    fn a_patch_changes_what_it_names_and_empty_text_clears() {
        let patch = ProductPatch {
            package_size: Some(" ".into()),
            category: Some("绿茶".into()),
            ..Default::default()
        };
        let after = patched(&tea(), patch);
        assert_eq!((after.package_size, after.category.as_deref()), (None, Some("绿茶")));
        assert_eq!(after.department.as_deref(), Some("茶"));
    }

    #[test]
    fn a_name_finds_its_language() {
        assert_eq!(names_of("龙井茶").zh_hans, "龙井茶");
        assert_eq!(names_of("Green tea").en, "Green tea");
        assert_eq!(title(&names_of("Green tea")), "Green tea");
    }

    #[test]
    fn a_product_needs_a_number_and_a_name() {
        let new = NewProduct {
            brand_id: None,
            source: None,
            sku: " ".into(),
            names: LocalText::default(),
            department: Some("x".repeat(101)),
            category: None,
            product_type: None,
            package_size: None,
            manufacturer: None,
        };
        let problem = check_new(&new).expect_err("three faults");
        let fields: Vec<_> = problem.fields.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["sku", "names", "department"]);
    }
}
