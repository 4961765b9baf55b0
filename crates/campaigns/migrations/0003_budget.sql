-- A campaign may name the budget line that pays for it; launching it reserves the amount.
ALTER TABLE campaign ADD COLUMN budget_line_id TEXT;
ALTER TABLE campaign ADD COLUMN budget_minor BIGINT;
ALTER TABLE campaign ADD COLUMN commitment_id TEXT;
