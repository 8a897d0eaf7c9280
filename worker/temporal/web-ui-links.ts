/** Addresses in Temporal's Web UI. */
import type { Configuration } from '../settings/configuration';
import type { StackAddresses } from '../local/running-stack';
import { workflowIdOf } from './start-agreement';

/** Address of the list of workflows in the Web UI. */
export function workflowsLink(
  configuration: Pick<Configuration, 'webUiUrl'>,
  stack: Pick<StackAddresses, 'webUiUrl' | 'namespace'>,
): string {
  const base = (configuration.webUiUrl ?? stack.webUiUrl ?? 'http://127.0.0.1:8233').replace(/\/$/, '');
  return `${base}/namespaces/${stack.namespace}/workflows`;
}

/** Address of an agreement's page in the Web UI; without a run id it leads to the current run. */
export function agreementLink(
  configuration: Configuration,
  stack: Pick<StackAddresses, 'webUiUrl' | 'namespace'>,
) {
  const workflows = workflowsLink(configuration, stack);
  return (agreement: string): string => `${workflows}/${workflowIdOf(agreement)}`;
}
