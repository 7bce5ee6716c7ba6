// Writes what the engine gives for every line of cases.txt to standard output, one JSON line each.
// Usage: node oracle.mjs <folder with cases.txt and its documents>
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

process.env.TZ = 'UTC';
const moment = Date.parse('2026-03-29T12:30:00Z');
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...args) { args.length ? super(...args) : super(moment); }
  static now() { return moment; }
};

const require = createRequire(import.meta.url);
const fhirpath = require('fhirpath');
const r4 = require('fhirpath/fhir-context/r4');

const folder = process.argv[2];
const read = (name) => JSON.parse(readFileSync(path.join(folder, name + '.json'), 'utf8'));
const documents = Object.fromEntries(['response', 'empty', 'patient', 'questionnaire', 'household'].map((n) => [n, read(n)]));

const say = (v) => {
  if (v === null || v === undefined) return 'null';
  switch (typeof v) {
    case 'boolean': return 'b:' + v;
    case 'string': return 's:' + v;
    case 'number': case 'bigint': return 'n:' + v;
  }
  if (typeof v.convertData === 'function') return say(v.data); // a part of the document
  if (typeof v.divToInt === 'function') return 'n:' + v.toString(); // a decimal, with all its digits
  if ((v.constructor?.name ?? '').startsWith('FP_')) return 's:' + v.toString();
  return 'o:' + JSON.stringify(v);
};

for (const line of readFileSync(path.join(folder, 'cases.txt'), 'utf8').split('\n')) {
  if (line === '' || line.startsWith('#')) continue;
  const space = line.indexOf(' ');
  const about = documents[line.slice(0, space)];
  const expression = line.slice(space + 1);
  const answer = { line };
  try {
    const variables = { resource: about, context: about, questionnaire: documents.questionnaire, patient: documents.patient };
    answer.gives = fhirpath.evaluate(about, expression, variables, r4, { preciseMath: true, resolveInternalTypes: false }).map(say);
  } catch {
    answer.error = true;
  }
  console.log(JSON.stringify(answer));
}
