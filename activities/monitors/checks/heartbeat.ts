/** Whether a customer's job has reported in time. It reports to us, so that only our own worker can tell. */
import { heartbeatOutcome } from '../../../rules/engine/monitoring/heartbeat';
import type { Checker } from './checker';
import { answerText, NotMade } from './checker';

/** @throws NotMade where there is no database with reports */
export const checkHeartbeat: Checker = async ({ agreement, check }, { heartbeat, now }) => {
  if (!heartbeat)
    throw new NotMade({
      sv: 'ett livstecken övervakas bara hos oss, inte av en platsarbetare',
      en: 'a heartbeat is watched at our own place only, not by a site worker',
    });
  const reported = await heartbeat(agreement, check.id);
  const { answer, ...found } = heartbeatOutcome(reported, now(), check);
  const { succeededAt } = reported ?? {};
  return {
    ...found,
    // While a job is awaited its check is well, and the job has yet to be.
    lastWell: succeededAt === undefined ? 'never' : new Date(succeededAt).toISOString(),
    ...(answer !== undefined && { answer: answerText(answer) }),
  };
};
