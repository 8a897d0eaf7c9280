import { readerKey } from '../../activities/agreements/digest-readers';
import { exampleContract } from '../helpers/example';

it.each(['Erik@Åkeri.se', 'erik@åkeri.se', 'erik@xn--keri-poa.se', 'ERIK@XN--KERI-POA.SE'])(
  'a manager is one reader, however the address is written: %s',
  (email) => {
    const { contacts, ...contract } = exampleContract();
    const keyOf = (address: string) =>
      readerKey(
        { ...contract, contacts: { ...contacts, manager: { ...contacts.manager, email: address } } },
        'manager',
      );
    expect(keyOf(email)).toBe(keyOf('erik@åkeri.se'));
    expect(keyOf(email)).not.toBe(keyOf('erika@åkeri.se'));
  },
);
