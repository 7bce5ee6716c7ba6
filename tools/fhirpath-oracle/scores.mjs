// Writes made-up responses to the question sets that ship and declare a count, with what the engine counts
// in them, to standard output, one JSON line each. The same lines every time.
// Usage: node scores.mjs <folder with the question sets>
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const fhirpath = require('fhirpath');
const r4 = require('fhirpath/fhir-context/r4');

const count = "%questionnaire.extension.where(url = 'https://waymark.invalid/fhir/count')";
const part = (name) => `${count}.extension.where(url = '${name}').value`;
const counted = `%resource.repeat(item).where(linkId in ${part('question')})`;
const given = (name) => `${counted}.answer.value.where(system = ${part(name)}.system and code = ${part(name)}.code).count()`;
const expressions = {
  yes: given('counted'),
  unknown: given('unknown'),
  of: `${part('question')}.count()`,
  answered: `${counted}.where(answer.exists()).count()`,
};

let state = 20260301;
const below = (n) => { // xorshift, so that every run makes the same
  state ^= state << 13; state ^= state >>> 17; state ^= state << 5;
  return (state >>> 0) % n;
};

// answered gives some of the choices an answer; of a group only what is in it.
const answered = (items, open) => items.flatMap((i) => {
  const out = { linkId: i.linkId };
  if (i.item) {
    const inside = answered(i.item, open);
    if (i.type === 'group') return inside.length ? [{ ...out, item: inside }] : [];
  }
  if (i.type !== 'choice' || i.repeats || i.enableWhen || !i.answerOption || below(100) < open) return [];
  return [{ ...out, answer: [{ valueCoding: i.answerOption[below(i.answerOption.length)].valueCoding }] }];
});

const folder = process.argv[2];
for (const name of readdirSync(folder).sort()) {
  if (!name.endsWith('.json') || name.endsWith('.rules.json')) continue;
  const questionnaire = JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
  if (!(questionnaire.extension ?? []).some((e) => e.url === 'https://waymark.invalid/fhir/count')) continue;
  for (let n = 0; n < 40; n++) {
    const response = {
      resourceType: 'QuestionnaireResponse', questionnaire: `${questionnaire.url}|${questionnaire.version}`, status: 'in-progress',
      item: answered(questionnaire.item, [0, 10, 50, 95][n % 4]),
    };
    if (response.item.length === 0) delete response.item;
    const variables = { resource: response, context: response, questionnaire };
    const line = { response };
    for (const [what, expression] of Object.entries(expressions)) {
      const gives = fhirpath.evaluate(response, expression, variables, r4);
      if (gives.length !== 1) throw new Error(`${name}: ${expression} gives ${JSON.stringify(gives)}`);
      line[what] = gives[0];
    }
    console.log(JSON.stringify(line));
  }
}
