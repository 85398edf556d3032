import { writeFileSync } from 'node:fs';
import { predict, TreePredictor } from '../../../src/models/trees/predict.ts';
import { shapValues } from '../../../src/models/trees/shap.ts';
import { holed, ownModels } from './own-models.ts';

// npx tsx test/golden/trees/make-own.ts: writes our files, and what we answer for the last 60 rows,
// for check-own.py to hold against the real libraries.
const features = holed.features.slice(300 * 5);
const answers = ownModels().map(({ name, model, files }) => {
  for (const [file, text] of files) writeFileSync(new URL(file, import.meta.url), text);
  const margins = new Float64Array(60);
  new TreePredictor(model).margins(features, 60, margins);
  return {
    name,
    files: files.map(([file]) => file),
    margins: [...margins],
    answers: [...predict(model, features, 60)],
    contributions: [...shapValues(model, features, 12)],
  };
});
writeFileSync(new URL('own-answers.json', import.meta.url), `${JSON.stringify(answers)}\n`);
