/** What the worker's workflow bundle holds. */
export { agreementYear } from './agreement-year';
export { checkIntegration, checkOnce } from './check-once';
export { digestClock } from './digest-clock';
export { monitoring } from './monitoring';
export { watching } from './watching';
