import { AlpacaWorld } from './alpaca-world.ts';
import { describeBroker } from './broker.ts';

describeBroker("Alpaca's adapter over the embedded venue", (setup) => new AlpacaWorld(setup));
