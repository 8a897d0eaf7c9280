/**
 * The beginning of `npm start`, `npm test` and the like, also in an empty clone: installs what is missing, then runs
 * the TypeScript in this process. Plain Node without dependencies, in syntax that old versions can read, so that they
 * can say that they are too old.
 */
'use strict';

/** What each word starts: a file, its first arguments, and whether it needs the development packages. */
var COMMANDS = {
  start: { file: 'worker/cli.ts', args: ['start'], development: false },
  test: { file: 'test/run.ts', args: [], development: true },
  'test:unit': { file: 'test/run.ts', args: ['--unit'], development: true },
  lint: { file: 'test/checks.ts', args: ['lint'], development: true },
  types: { file: 'test/checks.ts', args: ['types'], development: true },
  format: { file: 'test/checks.ts', args: ['write-format'], development: true },
  bench: { file: 'test/bench.ts', args: [], development: true },
  'save-histories': { file: 'test/save-histories.ts', args: [], development: true },
  'save-data': { file: 'test/save-data.ts', args: [], development: true },
  soak: { file: 'test/soak.ts', args: [], development: true },
  screenshots: { file: 'test/run.ts', args: ['--screenshots', 'test/browser'], development: true },
  schema: { file: 'worker/reference/write-schema.ts', args: [], development: false },
};

/** Exits with a message if this Node is older than `engines` in `package.json` asks for. */
function checkNode() {
  var needed = require('../package.json').engines.node.replace('>=', '');
  if (!isOlder(process.versions.node, needed)) return;
  console.error(
    'serviceavtal needs Node ' +
      needed +
      ' or newer; this is Node ' +
      process.versions.node +
      ' (' +
      process.execPath +
      ').\nInstall a newer Node (https://nodejs.org) and start again.',
  );
  process.exit(1);
}

/** Whether a version, `major.minor.patch`, comes before another. */
function isOlder(found, needed) {
  var ours = found.split('.').map(Number);
  var theirs = needed.split('.').map(Number);
  for (var part = 0; part < theirs.length; part += 1)
    if (ours[part] !== theirs[part]) return ours[part] < theirs[part];
  return false;
}

/** Runs a TypeScript file of the project as if it were the program, with these arguments. */
function run(file, args, development) {
  checkNode();
  var prepare = require('./prepare.cjs');
  prepare.prepare(development).then(
    function () {
      var program = require('node:path').join(prepare.ROOT, file);
      process.argv = [process.argv[0], program].concat(args);
      require('tsx/cjs');
      require(program);
    },
    function (error) {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}

function main(args) {
  var command = Object.prototype.hasOwnProperty.call(COMMANDS, args[0]) ? COMMANDS[args[0]] : undefined;
  if (command === undefined) {
    console.error(
      'Expected one of ' + Object.keys(COMMANDS).join(', ') + '; found ' + (args[0] || 'nothing') + '.',
    );
    process.exit(1);
  }
  run(command.file, command.args.concat(args.slice(1)), command.development);
}

module.exports = { run: run, isOlder: isOlder };
if (require.main === module) main(process.argv.slice(2));
