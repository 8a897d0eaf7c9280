-- expand: a migration that the version before can live with says so in its first line, as this one does.
alter table migrations add column expands boolean not null default false;
