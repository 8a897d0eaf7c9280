-- The format of its rule files: which versions can read a ruleset. 0: it was written before formats were numbered.
alter table rulesets add column format integer not null default 0;
