-- Who of the customer's people ordered what a manager charges, by id, and on which day.
alter table hour_orders add ordered_by text, add ordered_on date,
  add check (kind = 'charge' or (ordered_by is null and ordered_on is null));
