//! What a product may be.

use kernel::{Problem, Result, Timestamp};

use super::{Product, ProductInput};

/// Longest number.
pub const SKU_CHARS_MAX: usize = 64;
/// Longest name and longest other text.
pub const TEXT_CHARS_MAX: usize = 300;

/// Writes the input into a product.
pub fn apply(product: &mut Product, input: ProductInput, now: Timestamp) -> Result<()> {
    if input.sku.as_ref().is_some_and(|sku| *sku != product.sku) {
        return Err(invalid("sku", "catalog.product.sku_fixed"));
    }
    for (field, text) in texts(&input) {
        if text.is_some_and(|t| t.chars().count() > TEXT_CHARS_MAX) {
            return Err(invalid(field, "catalog.product.text_too_long"));
        }
    }
    let some = |new: Option<String>, old: Option<String>| match new.map(|t| t.trim().to_owned()) {
        Some(text) if text.is_empty() => None,
        Some(text) => Some(text),
        None => old,
    };
    let name = |new: Option<String>, old: &str| new.map_or_else(|| old.to_owned(), |t| t.trim().to_owned());
    product.name_zh_hans = name(input.name_zh_hans, &product.name_zh_hans);
    product.name_zh_hant = name(input.name_zh_hant, &product.name_zh_hant);
    product.name_en = name(input.name_en, &product.name_en);
    product.brand_id = input.brand_id.or(product.brand_id);
    product.department = some(input.department, product.department.take());
    product.category = some(input.category, product.category.take());
    product.kind = some(input.kind, product.kind.take());
    product.size = some(input.size, product.size.take());
    product.manufacturer = some(input.manufacturer, product.manufacturer.take());
    product.state = input.state.unwrap_or(product.state);
    product.updated_at = now;
    if product.name_zh_hans.is_empty() && product.name_zh_hant.is_empty() && product.name_en.is_empty() {
        return Err(invalid("name_zh_hans", "catalog.product.name_missing"));
    }
    Ok(())
}

/// Returns the number of a new product, or what is wrong with it.
pub fn sku(input: &ProductInput) -> Result<String> {
    let sku = input.sku.as_deref().map(str::trim).unwrap_or_default();
    if sku.is_empty() || sku.chars().count() > SKU_CHARS_MAX {
        return Err(invalid("sku", "catalog.product.sku_length"));
    }
    Ok(sku.to_owned())
}

fn texts(input: &ProductInput) -> [(&'static str, Option<&String>); 8] {
    [
        ("name_zh_hans", input.name_zh_hans.as_ref()),
        ("name_zh_hant", input.name_zh_hant.as_ref()),
        ("name_en", input.name_en.as_ref()),
        ("department", input.department.as_ref()),
        ("category", input.category.as_ref()),
        ("kind", input.kind.as_ref()),
        ("size", input.size.as_ref()),
        ("manufacturer", input.manufacturer.as_ref()),
    ]
}

fn invalid(field: &str, code: &'static str) -> Problem {
    Problem::unprocessable("catalog.product.invalid").with_field(field, code)
}

/// Returns a product that says nothing yet but which one it is.
pub fn blank(source: &str, sku: &str, now: Timestamp) -> Product {
    Product {
        id: tabular::natural_id(&["product", source, sku]),
        version: 1,
        source: source.to_owned(),
        sku: sku.to_owned(),
        brand_id: None,
        name_zh_hans: String::new(),
        name_zh_hant: String::new(),
        name_en: String::new(),
        department: None,
        category: None,
        kind: None,
        size: None,
        manufacturer: None,
        state: super::ProductState::Active,
        created_at: now,
        updated_at: now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_needs_a_name_in_some_language_and_keeps_its_number() {
        let now = Timestamp::from_ms(1);
        let mut product = blank("till", "7", now);
        assert!(apply(&mut product, ProductInput::default(), now).is_err());
        let named = ProductInput { name_en: Some(" Tea ".into()), ..ProductInput::default() };
        apply(&mut product, named, now).expect("named");
        assert_eq!(product.name_en, "Tea");
        let renumbered = ProductInput { sku: Some("8".into()), ..ProductInput::default() };
        assert!(apply(&mut product, renumbered, now).is_err());
    }

    #[test]
    fn an_empty_text_takes_a_fact_away() {
        let now = Timestamp::from_ms(1);
        let mut product = Product { size: Some("1 L".into()), name_en: "Tea".into(), ..blank("till", "7", now) };
        apply(&mut product, ProductInput { size: Some(String::new()), ..ProductInput::default() }, now).expect("sound");
        assert_eq!(product.size, None);
    }
}
