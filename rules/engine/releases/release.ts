/** `rules/releases/<product>-<version>.json`: a release of a product, and what fits with it. */
import type { Text } from '../basics/text';
import type { LocalDate } from '../contract/contract';

/** So many of the first digits of AA.BC.D have to agree. */
export interface FitRule {
  digits: number;
}

/** A version of a component that fits, or does not, whatever the rule says. */
export interface FitException {
  /** With fewer parts it means all that begin so: `16.10` is every 16.10.x. */
  version: string;
  /** Holds only together with these versions of other components. */
  with?: Record<string, string>;
  /** True if absent. */
  fits?: boolean;
  because: Text;
}

/** A program or part that goes with a release. */
export interface Component {
  name: string;
  /** In place of the release's rule. */
  fit?: FitRule;
  /** In place of any rule: only these fit. */
  fits?: string[];
  exceptions?: FitException[];
}

/** Whom a piece of news concerns: one of the modules and one of the industries, where they are given. */
export interface Tags {
  modules?: string[];
  industries?: string[];
}

export interface ReleaseNews extends Text {
  id: string;
  /** Without tags it concerns everybody. */
  tags?: Tags;
}

export interface KnownIssue extends Text {
  id: string;
}

/** What has to be checked before the upgrade. */
export interface ReleaseCheck extends Text {
  id: string;
  /** Lines of the customer's import definitions that are concerned; `*` stands for any characters. */
  pattern?: string;
}

/** What is to be tested besides what always is, of a module or a business process. */
export interface TestScenario {
  id: string;
  module?: string;
  process?: string;
  title: Text;
  steps: Text[];
  expected: Text;
}

/** A release, read and checked. */
export interface Release {
  about: Text;
  /** Id of the system in contracts. */
  product: string;
  /** As AA.BC.D. */
  version: string;
  usableFrom: LocalDate;
  /** The last day on which the release before is supported. */
  previousSupportedUntil?: LocalDate;
  withdrawn?: { on: LocalDate; reason: Text; replacedBy?: string };
  /** For components without a rule of their own. Without any rule their fit is not known. */
  fit?: FitRule;
  components: Record<string, Component>;
  news: ReleaseNews[];
  knownIssues: KnownIssue[];
  checks: ReleaseCheck[];
  testScenarios: TestScenario[];
}
