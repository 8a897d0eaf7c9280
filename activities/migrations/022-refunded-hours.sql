-- Hours that are paid back when an agreement ends have an account of their own.
alter table hour_postings drop constraint hour_postings_account_check;
alter table hour_postings add constraint hour_postings_account_check
  check (account in ('bank', 'used', 'expired', 'refunded', 'overage', 'suspense') or account like 'grant:%');
