-- What a campaign serves: records of the rulebook, by id.
ALTER TABLE campaign ADD COLUMN strategy_id TEXT;
ALTER TABLE campaign ADD COLUMN plan_id TEXT;
ALTER TABLE campaign ADD COLUMN business_goal_id TEXT;
CREATE INDEX campaign_strategy ON campaign (strategy_id, id) WHERE strategy_id IS NOT NULL;
CREATE INDEX campaign_plan ON campaign (plan_id, id) WHERE plan_id IS NOT NULL;

DROP VIEW v_campaigns_campaign;
CREATE VIEW v_campaigns_campaign AS
SELECT c.id, c.brand_id, c.department_id, c.owner_id, c.name, c.state, c.purpose,
       (c.goal_metric IS NOT NULL AND c.goal_target > 0) AS has_goal,
       (c.period_from IS NOT NULL AND c.period_to > c.period_from) AS has_period,
       (c.release_id IS NOT NULL) AS is_released,
       (c.segment_id IS NOT NULL) AS has_segment,
       -- Approved as it went out, and not changed before the last message had left.
       EXISTS (SELECT 1 FROM v_brand_release r JOIN v_brand_approval a ON a.id = r.approval_id
               WHERE r.id = c.release_id AND r.allowed AND r.hash_matches
                 AND (a.voided_at IS NULL OR NOT EXISTS (
                     SELECT 1 FROM send s WHERE s.campaign_id = c.id
                        AND (s.state IN ('intent', 'attempting') OR s.attempted_at > a.voided_at)))) AS approval_stands,
       c.strategy_id,
       (SELECT r.state FROM v_rulebook_record r WHERE r.id = c.strategy_id) AS strategy_state,
       c.plan_id, c.business_goal_id, c.budget_line_id, c.budget_minor,
       c.segment_id, c.content_id, c.audience_count, c.schedule_at, c.launched_at, c.finished_at, c.period_from,
       c.period_to, c.created_at, c.updated_at
FROM campaign c
WHERE c.archived_at IS NULL;
