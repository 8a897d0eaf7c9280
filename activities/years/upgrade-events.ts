/** Which entries of the journal are about an upgrade: in the year after it, it goes on beside that year's own, whose parts may have the same ids. */

/** A condition on `events`. @param ofYear the SQL of the year that the upgrade belongs to */
export const isOfUpgrade = (ofYear: string): string =>
  `case events.year when ${ofYear} then coalesce(events.detail ->> 'obligation', '') not like 'upgrade-%'
                    when ${ofYear} + 1 then events.detail ->> 'obligation' like 'upgrade-' || ${ofYear} || '/%' else false end`;
