import { FLAT_VOLUME, type Flat } from './market.ts';

export const VOLUME_FLAT: Readonly<Record<string, Flat>> = {
  obv: [FLAT_VOLUME],
};
