import { whichIsMeant } from '../../rules/engine/basics/which-is-meant';

const checks = [
  { id: 'shop', names: ['Kassan i butiken'] },
  { id: 'stock', names: ['Kassan på lagret'] },
  { id: 'orders', names: ['Order'] },
];

it.each([
  ['shop', ['shop']],
  ['order', ['orders']],
  ['kassan i butiken', ['shop']],
  ['kassan', ['shop', 'stock']],
  ['kas', ['shop', 'stock']],
  ['or', []],
  ['xyz', []],
  ['', []],
])('%s means %j', (given, meant) => {
  expect(whichIsMeant(given, checks)).toEqual(meant);
});
