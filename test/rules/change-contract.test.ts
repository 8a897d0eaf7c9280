import {
  applyContractChanges,
  assignContactIds,
  diffContract,
} from '../../rules/engine/contract/change-contract';
import type { Contract } from '../../rules/engine/contract/contract';
import { exampleContract } from './fixtures';

function after(change: (contract: Contract) => void): Contract {
  const contract = exampleContract();
  change(contract);
  return contract;
}

describe('changing a contract without a new signature', () => {
  test('nothing differs between a contract and itself', () => {
    expect(diffContract(exampleContract(), exampleContract())).toEqual([]);
  });

  test.each<[string, (contract: Contract) => void, boolean, string]>([
    [
      'a contact’s address',
      (c) => (c.contacts.customer[0]!.email = 'karin@new.example.com'),
      true,
      'contacts.customer.contact-1.email',
    ],
    [
      'the dedicated consultant',
      (c) => (c.contacts.consultant.name = 'Eva'),
      true,
      'contacts.consultant.name',
    ],
    [
      'a system’s version',
      (c) => (c.systems['visma-business'] = { version: '18.0' }),
      true,
      'systems.visma-business.version',
    ],
    [
      'a component’s version',
      (c) => (c.systems['visma-business']!.components = { 'user-directory': '17.00.0' }),
      true,
      'systems.visma-business.components',
    ],
    [
      'an integration’s version',
      (c) => (c.integrations[0]!.version = '2.1'),
      true,
      'integrations.webshop-orders.version',
    ],
    [
      'a partner’s contact',
      (c) => (c.integrations[1]!.contact = { name: 'Petra', email: 'petra@partner.example', language: 'sv' }),
      true,
      'integrations.payroll-vouchers.contact',
    ],
    ['the industry', (c) => (c.customer.industry = 'retail'), true, 'customer.industry'],
    [
      'a new integration',
      (c) => c.integrations.push({ id: 'edi', name: 'EDI', owner: 'partner' }),
      true,
      'integrations.edi',
    ],
    ['no monitors', (c) => c.monitors.splice(1), true, 'monitors.business-services'],
    ['the customer’s name', (c) => (c.customer.name = 'Nya AB'), true, 'customer.name'],
    ['the customer’s language', (c) => (c.customer.language = 'en'), true, 'customer.language'],
    ['the customer', (c) => (c.customer.id = 'other'), false, 'customer.id'],
    ['the organisation number', (c) => (c.customer.orgNumber = '556000-0009'), false, 'customer.orgNumber'],
    ['the agreement’s number', (c) => (c.agreement = 'other'), false, 'agreement'],
    ['the level', (c) => (c.level = 'silver'), false, 'level'],
    ['the date of signing', (c) => (c.signedOn = '2026-12-02'), false, 'signedOn'],
    ['the start', (c) => (c.startsOn = '2027-02-01'), false, 'startsOn'],
    ['the hours', (c) => (c.hourBank.hours = 200), false, 'hourBank.hours'],
    ['a discount', (c) => (c.hourBank.discountPercent = 20), false, 'hourBank.discountPercent'],
  ])('%s', (_, change, allowed, path) => {
    expect(diffContract(exampleContract(), after(change))).toMatchObject([{ path, allowed }]);
  });

  test('a change says from what to what', () => {
    const [change] = diffContract(
      exampleContract(),
      after((c) => (c.hourBank.hours = 200)),
    );
    expect(change).toEqual({ path: 'hourBank.hours', from: 120, to: 200, allowed: false });
  });

  test('the order of a list is no difference', () => {
    const before = assignContactIds(exampleContract());
    const turned = after((c) => {
      c.integrations.reverse();
      c.contacts.customer.reverse();
    });
    expect(diffContract(before, turned)).toEqual([]);
  });
});

describe('contact ids', () => {
  const ids = (contract: Contract) => contract.contacts.customer.map(({ id }) => id);
  const signed = assignContactIds(exampleContract());

  test('are numbered in the order of the file at first', () => {
    expect(ids(signed)).toEqual(['contact-1', 'contact-2', 'contact-3']);
  });

  test.each<[string, (contract: Contract) => void, string[]]>([
    [
      'stay with the address when the name changes',
      (c) => (c.contacts.customer[1]!.name = 'Johan Gift'),
      ['contact-1', 'contact-2', 'contact-3'],
    ],
    [
      'stay with the name when the address changes',
      (c) => (c.contacts.customer[1]!.email = 'j@new.example.com'),
      ['contact-1', 'contact-2', 'contact-3'],
    ],
    [
      'are not handed on to a successor',
      (c) => (c.contacts.customer[2] = { name: 'Ny', email: 'ny@x.example.com', roles: ['finance'] }),
      ['contact-1', 'contact-2', 'contact-4'],
    ],
    [
      'given in the file are kept',
      (c) => (c.contacts.customer[0]!.id = 'karin'),
      ['karin', 'contact-2', 'contact-3'],
    ],
    [
      'go by the address before the name',
      (c) => {
        c.contacts.customer[0]!.email = 'other@x.example.com';
        c.contacts.customer[1]!.name = 'Karin Ek';
      },
      ['contact-1', 'contact-2', 'contact-3'],
    ],
  ])('%s', (_, change, expected) => {
    expect(ids(assignContactIds(after(change), signed))).toEqual(expected);
  });
});

describe('applyContractChanges', () => {
  const contract = (): Contract => structuredClone(exampleContract());

  test('puts one change into effect and leaves what changed meanwhile', () => {
    const before = assignContactIds(contract());
    const [first, second] = [structuredClone(before), structuredClone(before)];
    first.contacts.customer[0]!.email = 'new@testbolaget.example.com';
    second.contacts.consultant.name = 'Eva Ek';
    second.integrations.push({ id: 'new-one', name: 'New', owner: 'supplier' });
    const later = applyContractChanges(second, diffContract(before, first));
    expect(later.contacts.customer[0]!.email).toBe('new@testbolaget.example.com');
    expect(later.contacts.consultant.name).toBe('Eva Ek');
    expect(later.integrations.map(({ id }) => id)).toContain('new-one');
  });

  test('adds and removes items of lists, and does nothing about one that is gone', () => {
    const before = assignContactIds(contract());
    const after = structuredClone(before);
    const removed = after.integrations.shift()!;
    after.systems.crm = { version: '1.0' };
    expect(applyContractChanges(before, diffContract(before, after))).toEqual(after);
    const gone = [{ path: `integrations.${removed.id}.name`, to: 'other' }];
    expect(applyContractChanges(after, gone)).toEqual(after);
  });
});
