/** What the worker's workflow bundle holds. */
export { agreementYear } from './agreement-year';
export { watching } from './watching';
