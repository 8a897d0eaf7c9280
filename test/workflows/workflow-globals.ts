/** What a worker puts into a workflow's global scope before the SDK is loaded there: import this file first. */
import { AsyncLocalStorage } from 'node:async_hooks';

Object.assign(globalThis, { AsyncLocalStorage });
