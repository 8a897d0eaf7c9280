#!/usr/bin/env node
/** The command line, `npx serviceavtal …`; works in a clone where nothing is installed yet. */
'use strict';
require('./bootstrap.cjs').run('worker/cli.ts', process.argv.slice(2), false);
