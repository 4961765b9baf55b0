-- What content serves: the campaign that it is written for, the plan that it carries out.
ALTER TABLE content ADD COLUMN campaign_id TEXT;
ALTER TABLE content ADD COLUMN plan_id TEXT;
CREATE INDEX content_campaign ON content (campaign_id, id) WHERE campaign_id IS NOT NULL;

DROP VIEW v_brand_content;
CREATE VIEW v_brand_content AS
SELECT id, brand_id, department_id, owner_id, title, kind, state, languages, number, campaign_id, plan_id,
    (campaign_id IS NOT NULL OR plan_id IS NOT NULL) AS is_linked, created_at, updated_at
FROM content;
