-- When campaigns have agreements upgraded: the window of each one's installation, as it was last applied.

create table upgrade_windows (
  agreement text not null references agreements,
  campaign text not null,
  release text not null,
  installation text not null,
  round text not null,
  from_at timestamptz not null,
  to_at timestamptz not null check (to_at > from_at),
  -- Staff ids: whose upgrade it is, who is on call, who is present the next morning.
  consultant text not null,
  on_call text not null,
  present text not null,
  decided_at timestamptz not null default clock_timestamp(),
  primary key (agreement, campaign)
);
