-- A contact has several roles: what was kept with one becomes a list of it, in contracts and in what changes them.
create function pg_temp.with_roles(contact jsonb) returns jsonb language sql as $$
  select case when contact ? 'role'
              then contact - 'role' || jsonb_build_object('roles', jsonb_build_array(contact -> 'role'))
              else contact end
$$;

create function pg_temp.contract_with_roles(contract jsonb) returns jsonb language sql as $$
  select jsonb_set(contract, '{contacts,customer}', jsonb_agg(pg_temp.with_roles(contact) order by place))
    from jsonb_array_elements(contract #> '{contacts,customer}') with ordinality as contacts (contact, place)
$$;

-- A change names a whole contact, or the role of one.
create function pg_temp.changes_with_roles(changes jsonb) returns jsonb language sql as $$
  select coalesce(jsonb_agg(
           case when change ->> 'path' ~ '^contacts\.customer\.[^.]+\.role$'
                then change || jsonb_build_object('path', (change ->> 'path') || 's')
                            || case when change ? 'from'
                                    then jsonb_build_object('from', jsonb_build_array(change -> 'from')) else '{}' end
                            || case when change ? 'to'
                                    then jsonb_build_object('to', jsonb_build_array(change -> 'to')) else '{}' end
                when change ->> 'path' ~ '^contacts\.customer\.[^.]+$'
                then change || case when change -> 'from' ? 'role'
                                    then jsonb_build_object('from', pg_temp.with_roles(change -> 'from')) else '{}' end
                            || case when change -> 'to' ? 'role'
                                    then jsonb_build_object('to', pg_temp.with_roles(change -> 'to')) else '{}' end
                else change end order by place), '[]')
    from jsonb_array_elements(changes) with ordinality as all_changes (change, place)
$$;

update agreements set contract = pg_temp.contract_with_roles(contract);
update amendments set contract = pg_temp.contract_with_roles(contract), changes = pg_temp.changes_with_roles(changes);
update contract_changes set changes = pg_temp.changes_with_roles(changes);
