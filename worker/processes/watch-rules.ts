/** Watches the rule files while `npm start` runs: checks each save and shows its plan. A person applies it. */
import { inWords, messageOf } from '../basics/spoken';
import type { Db } from '../../activities/db';
import { campaignCalendars } from '../../activities/years/campaign-candidates';
import { loadRuleset, rulesetInForce } from '../../activities/agreements/rulesets';
import type { Language } from '../../rules/engine/basics/text';
import { textDrawing } from '../../templates/preview/draw';
import { previewWords } from '../../templates/preview/wording';
import { drawingListener, mostDrawn, runPreview } from './preview-all';
import { readRules, requireExamples } from '../files/rule-files';
import { watchFolders } from '../files/watch-folders';

/** Milliseconds of silence after which a save counts as finished: editors write in several steps. */
const settledAfter = 300;

export interface WatchRulesOptions {
  db: Db;
  rulesDir: string;
  language: Language;
  coloured: boolean;
  write: (text: string) => void;
}

/** Begins to watch. @returns a function that ends the watch, after a plan that is being shown */
export function watchRules(options: WatchRulesOptions): () => Promise<void> {
  const { rulesDir, write } = options;
  let shown: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    const said = await describe(options).catch((error: unknown) => `${messageOf(error)}\n`);
    // A save with the same result, such as one of a file that is no rule file, shows nothing.
    if (said !== shown) write(`\n${said}`);
    shown = said;
  };
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      working = working.then(look);
    }, settledAfter);
  };
  const unwatch = watchFolders(rulesDir, changed, (error) =>
    write(
      inWords({
        sv: `Regelfilerna går inte att bevaka: ${messageOf(error)}; det prövas igen\n`,
        en: `The rule files cannot be watched: ${messageOf(error)}; it is tried again\n`,
      }),
    ),
  );
  return async () => {
    unwatch();
    clearTimeout(timer);
    await working;
  };
}

/** Text of what the rule files would change, or of what is wrong with them. */
async function describe({ db, rulesDir, language, coloured }: WatchRulesOptions): Promise<string> {
  const { ruleset } = readRules(rulesDir, language);
  await requireExamples(ruleset, rulesDir, language);
  const inForce = await rulesetInForce(db);
  const words = previewWords[language];
  if (inForce === undefined || inForce === ruleset.hash) return `${words.none}\n`;
  const asOf = new Date().toISOString();
  const names = { inForce, proposed: ruleset.hash, asOf };
  let text = '';
  const listener = drawingListener(
    textDrawing(coloured),
    names,
    language,
    mostDrawn,
    (part) => (text += part),
  );
  const { totals } = await runPreview(
    db,
    await loadRuleset(db, inForce),
    ruleset,
    await campaignCalendars(db, ruleset, asOf),
    asOf,
    listener,
  );
  const refused = totals.broken > 0 || totals.unusable > 0;
  return `${text}\n${refused ? words.stays(inForce.slice(0, 8)) : words.nothingWritten}\n`;
}
