-- Failed sign-ins that no successful one made good, by account or known device; nobody can be told from the id.
CREATE VIEW v_identity_failed_sign_in AS
SELECT bucket AS id, failures, last_at FROM identity_attempt
WHERE failures > 0 AND (bucket LIKE 'account/%' OR bucket LIKE 'device/%');
