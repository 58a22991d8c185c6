DROP TABLE maintenance_tasks;
DROP TABLE retention_rules;
DROP TABLE deletions;
DROP TABLE passed_days;
DROP TABLE removed_days;
