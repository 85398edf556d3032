/** A Monday without news in the real world. */
export const DEMO_DATE = 20240603;
/** Of the demo's venue, which listens on this machine alone. */
export const DEMO_CREDENTIALS = { keyId: 'strata-demo', secret: 'strata-demo' };
