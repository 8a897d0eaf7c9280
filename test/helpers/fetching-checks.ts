/** Runs checks in tests of watching with several processes: each is a request to a real server. */
import type { RunCheck } from '../../rules/engine/monitoring/watched';

export const fetchCheck: RunCheck = async ({ check }, signal) => {
  const from = Date.now();
  const found = await fetch(check.url ?? '', { signal }).then(
    ({ ok, status }) => ({ outcome: ok ? ('ok' as const) : ('down' as const), text: String(status) }),
    (error: Error) => ({ outcome: 'down' as const, text: error.message }),
  );
  return {
    outcome: found.outcome,
    at: new Date(from).toISOString(),
    milliseconds: Date.now() - from,
    message: { sv: found.text, en: found.text },
  };
};
