-- Customers ask about lines of their statements, and are answered: both are entries, which leave the hours as they are.
alter table hour_entries drop constraint hour_entries_action_check, drop constraint hour_entries_check2,
  add constraint hour_entries_action_check check (action in ('use', 'grant', 'correction', 'undo', 'question', 'answer')),
  add check ((action in ('undo', 'question', 'answer')) = (reported is null));
