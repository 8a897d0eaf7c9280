/** What `docs/operating.md` says of access control, held to the real server and the real Web UI. */
import type { Connection as ClientConnection } from '@temporalio/client';
import { Client, Connection } from '@temporalio/client';
import type { Browser } from 'playwright-core';
import { silentReporter } from '../../worker/local/progress';
import { prepareTemporal } from '../../worker/local/external';
import { makeCurrent, makeRamping, moveRun, readRouting } from '../../worker/temporal/deployment';
import { eventually } from '../activities/signed-agreement';
import { describeInBrowser, openBrowser } from '../helpers/browser';
import type { GuardedTemporal } from '../helpers/guarded-temporal';
import { startGuardedTemporal } from '../helpers/guarded-temporal';
import type { IdentityProvider } from '../helpers/identity-provider';
import { startIdentityProvider } from '../helpers/identity-provider';

const namespace = 'serviceavtal';
const workflowId = 'agreement-testbolaget-2027';
// `temporal-system:read` lets the Web UI load: without it, it sends a person back to the login for ever.
const roles = {
  manager: [`${namespace}:read`, 'temporal-system:read'],
  consultant: [`${namespace}:write`, 'temporal-system:read'],
  worker: [`${namespace}:write`],
  operator: ['temporal-system:admin'],
};

let provider: IdentityProvider;
let temporal: GuardedTemporal;
const connections: ClientConnection[] = [];

/** A client of somebody; without a token, of nobody. */
function clientWith(token?: string, identity = 'somebody'): Client {
  const metadata = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const connection = Connection.lazy({ address: temporal.address, metadata });
  connections.push(connection);
  return new Client({ connection, namespace, identity });
}

const as = (role: keyof typeof roles, name: string = role, identity?: string): Client =>
  clientWith(provider.token(name, roles[role]), identity);

const refused = { code: 7, details: 'Request unauthorized.' };
const signal = (client: Client): Promise<void> =>
  client.workflow.getHandle(workflowId).signal('hoursUsed', { hours: 1, by: 'erik' });

async function principalOfLastSignal(): Promise<unknown> {
  const { events } = await as('manager').workflow.getHandle(workflowId).fetchHistory();
  const last = events?.findLast(({ workflowExecutionSignaledEventAttributes: it }) => Boolean(it));
  return {
    principal: { type: last?.principal?.type, name: last?.principal?.name },
    identity: last?.workflowExecutionSignaledEventAttributes?.identity,
  };
}

beforeAll(async () => {
  provider = await startIdentityProvider();
  temporal = await startGuardedTemporal(provider);
  const operator = provider.token('ops', roles.operator);
  await eventually('the server is healthy', () =>
    as('operator')
      .workflowService.listNamespaces({})
      .then(
        () => true,
        () => false,
      ),
  );
  // The namespace and its search attributes, as the product registers them on a server of your own.
  await prepareTemporal(
    {
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: namespace,
      TEMPORAL_GRPC_META_AUTHORIZATION: `Bearer ${operator}`,
    },
    silentReporter,
  );
  await as('worker').workflow.start('agreementYear', { workflowId, taskQueue: 'nobody', args: [{}] });
});

afterAll(async () => {
  for (const connection of connections) await connection.close();
  await temporal?.close();
  await provider?.close();
});

describe('a server that asks for tokens', () => {
  it('refuses whoever brings none, one of another key, or one that has expired', async () => {
    const spoilt = provider.token('anna', roles.consultant, { spoilt: true });
    const expired = provider.token('anna', roles.consultant, { expired: true });
    for (const client of [clientWith(), clientWith(spoilt), clientWith(expired)]) {
      await expect(signal(client)).rejects.toMatchObject({ cause: refused });
      await expect(client.workflowService.describeNamespace({ namespace })).rejects.toMatchObject(refused);
    }
  });

  it('lets who may read look, and send nothing', async () => {
    const manager = as('manager');
    expect((await manager.workflow.getHandle(workflowId).describe()).status.name).toBe('RUNNING');
    await expect(signal(manager)).rejects.toMatchObject({ cause: refused });
  });

  it('knows no rights across namespaces', async () => {
    const other = clientWith(provider.token('anna', ['simulations:write']));
    await expect(signal(other)).rejects.toMatchObject({ cause: refused });
  });

  it('writes down who sent a signal, whatever the sender says', async () => {
    await signal(as('consultant', 'anna', 'erik@pector.example'));
    expect(await principalOfLastSignal()).toEqual({
      principal: { type: 'jwt', name: 'anna' },
      identity: 'erik@pector.example',
    });
  });

  it('lets a worker poll with the role write, and not with the role worker alone', async () => {
    const poll = (client: Client) =>
      client.connection.withDeadline(Date.now() + 10_000, () =>
        client.workflowService.pollWorkflowTaskQueue({
          namespace,
          taskQueue: { name: 'nobody' },
          identity: 'worker',
        }),
      );
    expect((await poll(as('worker'))).workflowExecution?.workflowId).toBe(workflowId);
    const named = clientWith(provider.token('worker', [`${namespace}:worker`]));
    await expect(poll(named)).rejects.toMatchObject(refused);
  });

  it('cannot keep who may signal from terminating: for the server both are writing', async () => {
    const client = as('consultant');
    const handle = await client.workflow.start('agreementYear', {
      workflowId: 'agreement-other',
      taskQueue: 'nobody',
    });
    await handle.terminate();
    expect((await handle.describe()).status.name).toBe('TERMINATED');
  });

  it('lets a worker see to the versions of the program, and not who may only read', async () => {
    const deployed = (client: Client) => ({ client, taskQueue: 'nobody' });
    expect(await readRouting(deployed(as('worker')))).toBeUndefined();
    // There is none yet: beyond the right to it, the server misses the version.
    const missing = { code: 5 };
    await expect(makeCurrent(deployed(as('worker')), '1')).rejects.toMatchObject(missing);
    await expect(makeRamping(deployed(as('worker')), '1')).rejects.toMatchObject(missing);
    await expect(makeCurrent(deployed(as('manager')), '1')).rejects.toMatchObject(refused);
    const { runId = '' } = await as('worker').workflow.getHandle(workflowId).describe();
    const run = { workflowId, runId, type: 'agreementYear', build: undefined };
    await expect(moveRun(deployed(as('worker')), run, '1')).rejects.not.toMatchObject(refused);
    await expect(moveRun(deployed(as('manager')), run, '1')).rejects.toMatchObject(refused);
  });

  it('leaves namespaces and search attributes to the operator', async () => {
    const add = (client: Client) =>
      client.connection.operatorService.addSearchAttributes({ namespace, searchAttributes: { Colour: 2 } });
    await expect(add(as('consultant'))).rejects.toMatchObject(refused);
    await expect(add(as('operator'))).resolves.toBeDefined();
  });
});

describeInBrowser('the Web UI behind a login', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  const page = (): string => `${temporal.webUiUrl}/namespaces/${namespace}/workflows/${workflowId}`;

  /** Logs in and sends a signal. @returns what the Web UI answers */
  async function signalAs(name: string, permissions: string[]): Promise<string> {
    provider.logsIn(name, permissions);
    const context = await browser.newContext({ viewport: { width: 1400, height: 1000 } });
    const tab = await context.newPage();
    await tab.goto(page());
    await tab.locator('button:has-text("More Actions"):visible').click();
    await tab.locator('[data-testid=signal-button]:visible').click();
    const dialog = tab.locator('dialog[open]');
    // No worker runs here, so the Web UI knows no names to pick from and asks for one.
    await dialog.locator('input:visible').first().fill('hoursUsed');
    await dialog.locator('.cm-content').fill('{ "hours": 2 }');
    await dialog.getByTestId('confirm-modal-button').click();
    const said = tab.getByText(/Workflow signaled|unauthorized/i).first();
    const answer = await said.innerText();
    await context.close();
    return answer;
  }

  it('passes the person on: a consultant’s signal stands in the history under the own name', async () => {
    expect(await signalAs('anna', roles.consultant)).toContain('Workflow signaled');
    expect(await principalOfLastSignal()).toMatchObject({ principal: { type: 'jwt', name: 'anna' } });
  });

  it('shows a manager the agreement, and sends nothing for them', async () => {
    expect(await signalAs('erik', roles.manager)).toMatch(/unauthorized/i);
  });

  it('answers nobody without a login', async () => {
    const answer = await fetch(`${temporal.webUiUrl}/api/v1/namespaces/${namespace}/workflows`);
    expect(answer.status).toBe(401);
  });
});
