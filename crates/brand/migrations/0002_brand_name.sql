-- Records and metrics say the name of a brand, in the reader's language.
DROP VIEW v_brand_brand;
CREATE VIEW v_brand_brand AS
SELECT id, key, names AS name, state, created_at FROM brand;
