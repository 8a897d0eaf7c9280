/** Asks about a field that was given without a value, where leaving it out means more than nothing. */
import type { Text } from '../../rules/engine/basics/text';
import { reasons } from '../../templates/ui/reasons';
import type { Fields } from '../messages/fields';
import type { MessageName } from '../messages/messages';

const all: Text = { sv: 'alla', en: 'all' };
const next: Text = { sv: 'det som är på tur', en: 'the one that is next' };
const last: Text = { sv: 'det senaste', en: 'the last one' };

/** What messages take where a field is left out. */
const meant: Partial<Record<MessageName, Readonly<Record<string, Text>>>> = {
  meetingBooked: { meeting: next },
  meetingHeld: { meeting: next },
  meetingCancelled: { meeting: next },
  meetingDeclined: { meeting: next },
  actionDone: { action: next },
  improvementDecided: { improvement: next },
  improvementDone: { improvement: next },
  upgradePhaseCompleted: { phase: next },
  upgradePhaseFailed: { phase: next },
  upgradePartChecked: { phase: next, part: next },
  integrationChecked: { integration: next },
  integrationSupported: { integration: next },
  customerTested: { module: all, case: all },
  startStepCompleted: { step: next },
  monitoringPaused: { monitor: all },
  priceApproved: { pricePerHour: { sv: 'det föreslagna priset', en: 'the proposed price' } },
  agreementTerminated: { on: { sv: 'genast', en: 'at once' } },
  stepUndone: { step: last },
  attentionCleared: { subject: all },
};

/**
 * Why a message is not taken that gives such a field blank: a form that was not filled in is no choice.
 * @returns nothing where it gives none
 */
export function blankChoice(name: MessageName, fields: Fields): Text | undefined {
  const [field, what] = Object.entries(meant[name] ?? {}).find(([each]) => fields.isBlank(each)) ?? [];
  return field === undefined || what === undefined ? undefined : reasons.blank(field, what);
}
