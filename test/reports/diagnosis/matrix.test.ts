// The confusion matrix: runs whose cause is known, over many seeds, and what is said of each. A claim that is not
// true of its run is a failure; and where there is one cause that the data shows, it is named every time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Draw, SCENARIOS } from '../../support/scenarios.ts';
import { SILENT_SCENARIOS } from '../../support/silent-scenarios.ts';

const SEEDS = 25;

for (const [name, { cause, also = [], run }] of Object.entries({
  ...SCENARIOS,
  ...SILENT_SCENARIOS,
})) {
  test(`${name}: ${cause ?? 'nothing'}, and nothing that is not so`, () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { codes, diagnoses } = run(new Draw(seed), seed);
      const said = diagnoses.map(({ sentence }) => sentence).join(' ');
      const wrong = codes.filter(code => code !== cause && !also.includes(code));
      assert.deepEqual(wrong, [], `seed ${seed}: ${said}`);
      if (cause !== null)
        assert.ok(codes.includes(cause as never), `seed ${seed} says: ${said || 'nothing'}`);
      assert.ok(diagnoses.length <= 2);
    }
  });
}

test('each rule has a scenario in which it has to speak', () => {
  const causes = new Set(Object.values(SCENARIOS).map(({ cause }) => cause));
  const codes = ['server_refuses', 'own_rate', 'cpu_handler', 'slow_host', 'server_capacity', 'own_limit'];
  for (const code of [...codes, 'slow_input', 'connecting', 'retries']) assert.ok(causes.has(code), code);
});
