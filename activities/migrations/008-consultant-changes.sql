-- Who stands in for whom: a dedicated consultant is replaced, for leave or for good.
create table consultant_changes (
  id bigint generated always as identity primary key,
  agreement text not null references agreements,
  -- What it does to the contract.
  change bigint not null references contract_changes,
  -- The consultants before and after: id, name, email.
  old jsonb not null,
  new jsonb not null,
  from_on date not null,
  -- Last day of a leave; the way back is a change of its own.
  until_on date,
  way_back_of bigint references consultant_changes,
  -- When its day came and the agreement had yet another consultant: it changed nothing then.
  void_at timestamptz,
  recorded_at timestamptz not null default now()
);
create index consultant_changes_agreement on consultant_changes (agreement, from_on);

-- One digest over all agreements of a reader.
create index agreements_consultant on agreements ((contract #>> '{contacts,consultant,id}'));
create index agreements_manager on agreements (lower(contract #>> '{contacts,manager,email}'));
