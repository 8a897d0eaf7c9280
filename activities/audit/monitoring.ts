/** Audits the monitoring: checks that are made, incidents that are so, and versions that upgrades brought. */
import { expectedFound } from '../../rules/engine/basics/text';
import type { Instant } from '../../rules/engine/contract/contract';
import type { Queryable } from '../db';
import { central } from '../monitors/places';
import type { AuditFinding } from './findings';

/**
 * Checks that were not made for three of their intervals. Our own watches tell every minute what they made; a site tells once a
 * day, and one that is known to be silent has an incident of its own.
 */
export async function checksSilent(db: Queryable, asOf: Instant): Promise<AuditFinding[]> {
  const rows = await db.query<{ agreement: string; id: string; last: Instant | null }>(
    `select m.agreement, m.id, made.last
       from monitors m
       left join sites s on s.id = m.place
       left join watches w on w.place = m.place and w.shard = m.shard
       left join monitor_states t on t.agreement = m.agreement and t.id = m.id
       cross join lateral (select greatest(to_timestamp((w.seen -> (m.agreement || '/' || m.id) ->> 0)::float8),
                                           (t.state ->> 'lastAt')::timestamptz) as last) as made
      where m.state = 'watched' and s.silent_since is null
        and greatest(made.last, m.configured_at) < $1::timestamptz - case when m.place = $2
              then interval '10 minutes' + 3 * (m.watched #>> '{settings,intervalMinutes}')::float8 * interval '1 minute'
              else interval '25 hours' end`,
    [asOf, central],
  );
  return rows.map(({ agreement, id, last }) => ({
    kind: 'checkSilent',
    subject: `${agreement}/${id}`,
    agreement,
    detail:
      last === null ? { sv: 'aldrig gjord', en: 'never made' } : { sv: `senast ${last}`, en: `last ${last}` },
    mend: { how: 'recheck', agreement, monitor: id },
  }));
}

/** Open incidents whose check has been well for a quarter of an hour, or is not watched. A site's silence is no check. */
export async function incidentsStale(db: Queryable, asOf: Instant): Promise<AuditFinding[]> {
  const rows = await db.query<{ id: number; agreement: string; monitor: string; watched: boolean }>(
    `select i.id, i.agreement, i.monitor, m.id is not null as watched
       from incidents i
       left join monitors m on m.agreement = i.agreement and m.id = i.monitor and m.state = 'watched'
       left join monitor_states s on s.agreement = i.agreement and s.id = i.monitor
      where i.closed_at is null and i.monitor not like 'site:%' and i.confirmed_at < $1::timestamptz - interval '15 minutes'
        and (m.id is null or (s.status = 'ok' and (s.state ->> 'since')::timestamptz > i.opened_at
                              and s.changed_at < $1::timestamptz - interval '15 minutes'))
      order by i.id`,
    [asOf],
  );
  return rows.map(({ id, agreement, monitor, watched }) => ({
    kind: 'incidentStale',
    subject: String(id),
    agreement,
    detail: watched
      ? { sv: `${monitor} är bra`, en: `${monitor} is well` }
      : { sv: `${monitor} övervakas inte`, en: `${monitor} is not watched` },
    mend: watched
      ? { how: 'recheck', agreement, monitor }
      : { how: 'tell', agreement, kind: 'monitoring', payload: { signal: 'configurationChanged' } },
  }));
}

/**
 * Versions that an upgrade reported, and whose contract has another one: the upgrade is approved, it still stands, nothing of it
 * is open, and nobody has changed that version since.
 */
export async function versionsNotTaken(db: Queryable): Promise<AuditFinding[]> {
  const rows = await db.query<{ agreement: string; path: string; version: string; declared: string | null }>(
    `with reported as (
       select distinct on (p.agreement, p.kind, p.part) p.*, p.kind || 's.' || p.part || '.version' as path,
              case p.kind when 'system' then a.contract #>> array['systems', p.part, 'version']
                   else (select one ->> 'version' from jsonb_array_elements(a.contract -> 'integrations') one where one ->> 'id' = p.part)
              end as declared
         from upgrade_parts p join agreements a on a.number = p.agreement and a.state = 'live'
        where p.ok and p.version is not null and p.kind in ('system', 'integration')
        order by p.agreement, p.kind, p.part, p.of_year desc, p.year desc
     )
     select agreement, path, version, declared from reported r
      where declared is distinct from version
        and exists (select from upgrade_parts d where d.agreement = r.agreement and d.of_year = r.of_year and d.kind = 'decision' and d.ok)
        and not exists (select from upgrades u where u.agreement = r.agreement and u.of_year = r.of_year and u.state is not null)
        and not exists (select from obligations o where o.agreement = r.agreement and o.strand = 'upgrade' and o.state = 'open'
                           and o.year = r.year and o.id like r.upgrade || '/%')
        and not exists (select from contract_changes c, jsonb_array_elements(c.changes) one
                         where c.agreement = r.agreement and one ->> 'path' = r.path and c.recorded_at >= r.at)`,
  );
  return rows.map(({ agreement, path, version, declared }) => ({
    kind: 'versionNotTaken',
    subject: `${agreement}/${path}`,
    agreement,
    detail: expectedFound(version, declared ?? '-'),
  }));
}
