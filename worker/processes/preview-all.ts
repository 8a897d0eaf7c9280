/** Previews what a ruleset would change in each live agreement, one after the other. */
import type { Db } from '../../activities/db';
import type { PlacedCampaign } from '../../activities/years/campaign-candidates';
import type { MovedUpgrade } from '../../activities/years/moved-by-campaigns';
import { movedByCampaigns } from '../../activities/years/moved-by-campaigns';
import type { DividedInstallation, RetargetedUpgrade } from '../../activities/years/upgrade-targets';
import { dividedInstallations, retargetedUpgrades } from '../../activities/years/upgrade-targets';
import { plannedWindows } from '../../activities/years/upgrade-windows';
import { countLive, previewRuleset } from '../../activities/agreements/previews';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Instant } from '../../rules/engine/contract/contract';
import type { Language } from '../../rules/engine/basics/text';
import type { AgreementPreview, ValueChange } from '../../rules/engine/change/preview-change';
import { diffRulesets } from '../../rules/engine/change/diff-rulesets';
import type { RuleChange } from '../../rules/engine/change/diff-rulesets';
import { isDataPath, isInstallationPath, isReleasePath } from '../../rules/engine/ruleset/ruleset-paths';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import type { PreviewTotals } from '../../templates/preview/document';
import { agreementBlock, summaryLines, unusableBlock, valuesBlock } from '../../templates/preview/document';
import type { Drawing } from '../../templates/preview/draw';
import { releasesBlock } from '../../templates/preview/releases';
import { rolloutBlock } from '../../templates/preview/rollout';
import { campaignBlocks, movedBlocks } from '../../templates/preview/campaign';
import { dividedBlock, targetsBlock } from '../../templates/preview/targets';
import { previewWords } from '../../templates/preview/wording';
import type { Text } from '../../rules/engine/basics/text';

/** Receives a preview while it goes on. */
export interface PreviewListener {
  begin(live: number): void;
  /** Releases that came, went or changed; an empty list where none did. */
  releases(changes: RuleChange[]): void;
  /** Campaigns and installations that did. */
  rollout(changes: RuleChange[]): void;
  /** Upgrades that these releases have go elsewhere, and installations whose agreements would go to different ones. */
  targets(upgrades: RetargetedUpgrade[], divided: DividedInstallation[]): void;
  /** The calendars of the campaigns that have not ended, and the upgrades that they move. */
  campaigns(campaigns: PlacedCampaign[], moved: MovedUpgrade[]): void;
  agreement(preview: AgreementPreview): void;
  unusable(agreement: string, error: Text): void;
  end(totals: PreviewTotals): void;
}

export interface PreviewOutcome {
  totals: PreviewTotals;
  /** Agreements whose running workflow has to be signalled. */
  running: string[];
}

/**
 * Previews a ruleset over all live agreements. Nothing is written.
 *
 * @param campaigns the calendars of the proposed campaigns
 * @param onProgress called with the share that is done, from 0 to 1
 */
export async function runPreview(
  db: Db,
  inForce: Ruleset,
  proposed: Ruleset,
  campaigns: PlacedCampaign[],
  asOf: Instant,
  listener: PreviewListener,
  onProgress: (fraction: number) => void = () => undefined,
  moveUpgrades = false,
): Promise<PreviewOutcome> {
  const live = await countLive(db);
  listener.begin(live);
  const data = diffRulesets(inForce, proposed).filter(({ file }) => isDataPath(file));
  const releases = data.filter(({ file }) => isReleasePath(file));
  const concerns = data.some(({ file }) => isReleasePath(file) || isInstallationPath(file));
  const targets = concerns ? await retargetedUpgrades(db, proposed, asOf) : [];
  listener.releases(releases);
  listener.rollout(data.filter(({ file }) => !isReleasePath(file)));
  listener.targets(targets, await dividedInstallations(db, proposed, asOf));
  const calendars = campaigns.map(({ calendar }) => calendar);
  const windows = await plannedWindows(db, proposed, calendars, asOf);
  const moved = await movedByCampaigns(db, proposed, windows, asOf, moveUpgrades);
  listener.campaigns(campaigns, moved);
  const placed = calendars.flatMap((one) =>
    one.placed.flatMap(({ kept, agreements }) => (kept ? [] : agreements)),
  );
  const replaced = new Set([...placed, ...moved.map(({ agreement }) => agreement)]);
  const retargeted = new Set(targets.map(({ agreement }) => agreement));
  const none = { added: 0, removed: 0, moved: 0 };
  const totals: PreviewTotals = {
    live,
    changed: 0,
    untouched: 0,
    broken: 0,
    unusable: 0,
    windows: replaced.size,
    targets: retargeted.size,
    obligations: { ...none },
    mails: { ...none },
    bankValues: {},
    values: [],
  };
  const values = new Map<string, { change: ValueChange; agreements: number }>();
  const running: string[] = [];
  let seen = 0;
  for await (const result of previewRuleset(db, inForce, proposed, asOf, moveUpgrades, windows)) {
    seen += 1;
    if (seen % 100 === 0) onProgress(seen / Math.max(live, 1));
    if (result.preview) {
      add(totals, values, result.preview);
      if (result.preview.running) running.push(result.agreement);
      listener.agreement(result.preview);
    } else if (result.error !== undefined) {
      totals.unusable += 1;
      listener.unusable(result.agreement, result.error);
    } else if (!replaced.has(result.agreement) && !retargeted.has(result.agreement)) totals.untouched += 1;
  }
  totals.values = [...values.values()].sort((a, b) => (a.change.path < b.change.path ? -1 : 1));
  listener.end(totals);
  const told = [...new Set([...running, ...retargeted, ...inChangedInstallations(inForce, proposed)])];
  return { totals, running: told };
}

/** Numbers of the agreements of installations that come, go or change: their years name one another. */
function inChangedInstallations(inForce: Ruleset, proposed: Ruleset): string[] {
  const textsOf = ({ installations }: Ruleset): Map<string, string> =>
    new Map(installations.map((one) => [one.id, JSON.stringify(one)]));
  const [before, after] = [textsOf(inForce), textsOf(proposed)];
  return [...inForce.installations, ...proposed.installations]
    .filter(({ id }) => before.get(id) !== after.get(id))
    .flatMap(({ agreements }) => Object.keys(agreements));
}

/** Counts changes by their text without the date, in which alone those of many agreements differ. */
function add(
  totals: PreviewTotals,
  values: Map<string, { change: ValueChange; agreements: number }>,
  preview: AgreementPreview,
): void {
  totals.changed += 1;
  if (preview.broken.length > 0) totals.broken += 1;
  for (const { obligations, mails } of [preview.plan, ...preview.later]) {
    for (const { change } of obligations) totals.obligations[change] += 1;
    for (const { change } of mails) totals.mails[change] += 1;
  }
  const { currency } = preview;
  for (const { what, from, to } of preview.amounts) {
    if (what !== 'bankValue') continue;
    const sum = totals.bankValues[currency] ?? { from: 0, to: 0 };
    totals.bankValues[currency] = { from: sum.from + from, to: sum.to + to };
  }
  for (const change of preview.values) {
    const key = JSON.stringify([change.path, change.from, change.to, change.place]);
    const known = values.get(key);
    if (!known) values.set(key, { change, agreements: 1 });
    else {
      known.agreements += 1;
      if (change.on < known.change.on) known.change = change;
    }
  }
}

/** Agreements drawn one by one, unless all are asked for. */
export const mostDrawn = 20;

/** A listener that draws a preview while it goes on, at most `most` agreements of it. */
export function drawingListener(
  drawing: Drawing,
  names: { inForce: string; proposed: string; asOf: Instant },
  language: Language,
  most: number,
  write: (text: string) => void,
  moveUpgrades = false,
): PreviewListener {
  const words = previewWords[language];
  let drawn = 0;
  let hidden = 0;
  const draw = (text: () => string): void => {
    if (drawn < most) write(text());
    else hidden += 1;
    drawn += 1;
  };
  return {
    begin: (live) => {
      const day = localDateOf(names.asOf);
      const against = words.against(names.proposed.slice(0, 8), names.inForce.slice(0, 8), day);
      write(drawing.header(words.title, [against, words.live(live)]));
    },
    releases: (changes) => {
      const block = releasesBlock(changes, language);
      if (block) write(drawing.block(block));
    },
    rollout: (changes) => {
      const block = rolloutBlock(changes, language);
      if (block) write(drawing.block(block));
    },
    targets: (upgrades, divided) => {
      for (const block of [targetsBlock(upgrades, language), dividedBlock(divided, language)])
        if (block) write(drawing.block(block));
    },
    campaigns: (campaigns, moved) => {
      const blocks = campaigns.flatMap((one) => campaignBlocks(one, language));
      for (const block of [...blocks, ...movedBlocks(moved, language)]) write(drawing.block(block));
    },
    agreement: (preview) => draw(() => drawing.block(agreementBlock(preview, language, moveUpgrades))),
    unusable: (agreement, error) =>
      draw(() => drawing.block(unusableBlock(agreement, error[language], language))),
    end: (totals) => {
      const all = totals.changed > 1 ? valuesBlock(totals, language) : undefined;
      if (all) write(drawing.block(all));
      write(drawing.footer(summaryLines(totals, hidden, language)));
    },
  };
}

/** A listener that draws nothing, for those who need the counts alone. */
export const quietListener: PreviewListener = {
  begin: () => undefined,
  releases: () => undefined,
  rollout: () => undefined,
  targets: () => undefined,
  campaigns: () => undefined,
  agreement: () => undefined,
  unusable: () => undefined,
  end: () => undefined,
};

/** A listener that writes a preview as one JSON document while it goes on. */
export function jsonListener(
  names: { inForce: string; proposed: string; asOf: Instant },
  write: (text: string) => void,
): PreviewListener {
  let first = true;
  const item = (value: unknown): void => {
    write(`${first ? '' : ','}\n    ${JSON.stringify(value)}`);
    first = false;
  };
  return {
    begin: (live) => write(`{\n  "comparison": ${JSON.stringify({ ...names, live })},`),
    releases: (changes) => write(`\n  "releases": ${JSON.stringify(changes)},`),
    rollout: (changes) => write(`\n  "campaigns": ${JSON.stringify(changes)},`),
    targets: (upgrades, divided) =>
      write(`\n  "upgrades": ${JSON.stringify(upgrades)},\n  "installations": ${JSON.stringify(divided)},`),
    campaigns: (campaigns, moved) => {
      const calendars = JSON.stringify(campaigns.map(({ calendar }) => calendar));
      write(`\n  "calendars": ${calendars},\n  "moved": ${JSON.stringify(moved)},\n  "agreements": [`);
    },
    agreement: item,
    unusable: (agreement, error) => item({ agreement, error: error.en }),
    end: (totals) => write(`\n  ],\n  "totals": ${JSON.stringify(totals)}\n}\n`),
  };
}
