// What a user's editor shows: every public name has a doc comment, and every option says what it is without.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOwn } from '../support/source-files.ts';

/** Each public name with the text of the file that declares it. */
const exported = [
  ...readOwn('src/index.ts').matchAll(/^export (type )?\{([^}]*)\} from '\.\/(.+)';$/gm),
].flatMap(([, , names = '', file = '']) =>
  names
    .split(',')
    .map(name => name.replace(/\btype\b/, '').trim())
    .filter(name => name !== '')
    .map(name => ({ name, file, text: readOwn(`src/${file}`) })),
);

test('every public name has a doc comment where it is declared', () => {
  assert.ok(exported.length >= 25);
  const bare = exported.filter(({ name, text }) => {
    const declared = new RegExp(`^export (class|function|const|interface|type) ${name}\\b`, 'm').exec(text);
    return !declared || !text.slice(0, declared.index).endsWith(' */\n');
  });
  assert.deepEqual(
    bare.map(({ name, file }) => `${name} in ${file}`),
    [],
  );
});

test('every field that may be left out says so, with its default or what that means', () => {
  const optional = exported
    .filter(({ name }) => /(Options|RequestObject)$/.test(name))
    .flatMap(({ name, text }) => {
      const body = text.slice(text.indexOf(`export interface ${name} `)).split('\n}\n', 1)[0] ?? '';
      return [...body.matchAll(/((?:^ {2}(?:\/\*\*| \*).*\n)*)^ {2}readonly (\w+)\?:/gm)].map(
        ([, doc = '', field = '']) => ({
          doc,
          field: `${name}.${field}`,
        }),
      );
    });
  assert.ok(optional.length >= 20);
  assert.deepEqual(
    optional.filter(({ doc }) => !doc.includes('@default')).map(({ field }) => field),
    [],
  );
});
