-- expand: the version before passes over both columns.

-- Hash of what a plan was asked for with, beside the instant: it tells a question that is asked again from another one.
alter table plans add column asked text;
