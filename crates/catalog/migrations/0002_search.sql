-- Whoever looks products up by what customers type needs their names in every language.
DROP VIEW v_catalog_product;
CREATE VIEW v_catalog_product AS
    SELECT id, brand_id, source, sku, title AS name, search_text, department, category, product_type, package_size,
        manufacturer, state, brand_id IS NOT NULL AS has_brand,
        EXISTS (SELECT 1 FROM catalog_price c WHERE c.product_id = catalog_product.id) AS has_price, created_at, updated_at
    FROM catalog_product;
