import type { Contract } from '../../rules/engine/contract/contract';
import type { WrittenContact } from '../../rules/engine/contract/contract-form';
import { signedForm } from '../../rules/engine/contract/contract-form';
import { diffContract } from '../../rules/engine/contract/change-contract';
import type { Fit } from '../../rules/engine/contract/read-contract';
import { readContract } from '../../rules/engine/contract/read-contract';
import { exampleContract } from './fixtures';

function readWith(customer: Partial<Contract['customer']>, contacts?: WrittenContact[], fit?: Fit) {
  const example = exampleContract();
  const text = JSON.stringify({
    ...example,
    customer: { ...example.customer, ...customer },
    contacts: { ...example.contacts, ...(contacts && { customer: contacts }) },
  });
  const { contract, findings } = readContract(text, 'c.json', fit);
  return { contract, wrong: findings.map(({ message }) => message) };
}

const withContacts = (...contacts: WrittenContact[]) => readWith({}, contacts);
const karin = { name: 'Karin Ek', email: 'karin@åkeri.se' };

describe('roles of a contact', () => {
  test('are a list; one role, as contacts had it before, is read as a list of it', () => {
    const { contract } = withContacts(
      { ...karin, roles: ['management', 'finance'] },
      { name: 'Bo', email: 'bo@x.se', role: 'tester' },
    );
    expect(contract?.contacts.customer).toEqual([
      { ...karin, roles: ['management', 'finance'] },
      { name: 'Bo', email: 'bo@x.se', roles: ['tester'] },
    ]);
  });

  test('of one person listed once for each are gathered, whichever form the address has', () => {
    const { contract } = withContacts(
      { id: 'contact-4', name: 'Karin  ek', email: 'Karin@XN--keri-poa.se', role: 'management' },
      { name: 'Bo', email: 'bo@x.se', roles: ['tester'] },
      { ...karin, roles: ['finance', 'management'] },
    );
    expect(contract?.contacts.customer).toEqual([
      { id: 'contact-4', name: 'Karin  ek', email: 'Karin@åkeri.se', roles: ['management', 'finance'] },
      { name: 'Bo', email: 'bo@x.se', roles: ['tester'] },
    ]);
  });

  test.each<[string, WrittenContact[], string]>([
    [
      'two names with one address',
      [
        { ...karin, role: 'tester' },
        { ...karin, name: 'Bo', role: 'finance' },
      ],
      'once, found',
    ],
    [
      'one address in both forms',
      [
        { ...karin, role: 'tester' },
        { name: 'Bo', email: 'karin@xn--keri-poa.se', role: 'finance' },
      ],
      'contacts.customer[1].email: expected each email once',
    ],
    [
      'two ids of one person',
      [
        { id: 'a', ...karin, role: 'tester' },
        { id: 'b', ...karin, role: 'finance' },
      ],
      'contacts.customer[1].email: expected each email once',
    ],
    ['no role', [karin], 'contacts.customer[0]: expected property "roles", found none'],
    ['an empty list', [{ ...karin, roles: [] }], 'customer[0].roles: expected at least 1 in the list'],
    ['a role twice', [{ ...karin, roles: ['tester', 'tester'] }], 'roles: expected each one once'],
    [
      'role and roles',
      [{ ...karin, role: 'tester', roles: ['tester'] }],
      'customer[0].roles: expected one of id, name, email, role, found "roles"',
    ],
  ])('%s is refused', (_, contacts, message) => {
    expect(withContacts(...contacts).wrong.join('\n')).toContain(message);
  });
});

describe('an organisation number', () => {
  test.each(['5560000001', '165560000001', '16556000-0001', '556000\u20130001', '556000-0001'])(
    '%s is kept with its hyphen',
    (orgNumber) => {
      expect(readWith({ orgNumber }, undefined, {}).contract?.customer.orgNumber).toBe('556000-0001');
    },
  );

  test('with a wrong check digit is refused in a new contract, and goes on in one that was signed', () => {
    const orgNumber = '5560000002';
    expect(readWith({ orgNumber }, undefined, { levels: ['silver'] }).wrong).toEqual([
      expect.stringContaining('level: '),
      'customer.orgNumber: expected an organisation number whose last digit fits the others, found "5560000002"',
    ]);
    expect(readWith({ orgNumber }).contract?.customer.orgNumber).toBe('556000-0002');
    const known = { orgNumbers: ['556000-0002'] };
    expect(readWith({ orgNumber }, undefined, known).contract?.customer.orgNumber).toBe('556000-0002');
  });

  test('that could not be right may be put right without a signature; no other may change', () => {
    const of = (orgNumber: string) => readWith({ orgNumber }).contract!;
    const change = (before: string, after: string) =>
      diffContract(of(before), of(after)).map(({ path, allowed }) => [path, allowed]);
    expect(change('556000-0002', '556000-0001')).toEqual([['customer.orgNumber', true]]);
    expect(change('556000-0001', '556000-0019')).toEqual([['customer.orgNumber', false]]);
    expect(change('556000-0002', '556000-0003')).toEqual([['customer.orgNumber', false]]);
  });
});

test('a contract is recognised in the form of the time when a contact had one role', () => {
  const { contract } = withContacts(
    { ...karin, roles: ['management'] },
    { name: 'Bo', email: 'bo@x.se', roles: ['tester', 'finance'] },
  );
  expect(signedForm(contract!)).toEqual({
    ...contract,
    contacts: {
      ...contract!.contacts,
      customer: [
        { ...karin, email: 'karin@xn--keri-poa.se', role: 'management' },
        { name: 'Bo', email: 'bo@x.se', roles: ['tester', 'finance'] },
      ],
    },
  });
});
