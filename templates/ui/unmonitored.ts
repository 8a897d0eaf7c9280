/** Why the monitoring says nothing of an integration after an upgrade. */
import type { Text } from '../../rules/engine/basics/text';

export const unmonitored = {
  none: { sv: 'ingen kontroll i övervakningen', en: 'no check of the monitoring' },
  onCopy: { sv: 'kopian övervakas inte', en: 'the copy is not monitored' },
  notWatched: { sv: 'kontrollen körs inte', en: 'the check is not run' },
  notSetUp: { sv: 'kontrollen är inte uppsatt', en: 'the check is not set up' },
  paused: { sv: 'kontrollen är pausad', en: 'the check is paused' },
  noWorker: { sv: 'den som kör kontrollen svarar inte', en: 'whoever runs the check does not answer' },
  silent: { sv: 'inget svar inom en timme', en: 'no answer within an hour' },
  /** How it goes on where nothing is known. */
  look: (why: string): Text => ({
    sv: `övervakningen kan inte säga om integrationen fungerar (${why}): kontrollera den själv`,
    en: `the monitoring cannot say whether the integration works (${why}): check it yourself`,
  }),
} as const;
