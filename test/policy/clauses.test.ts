import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { clausesOf as tableOf } from '../../bin/clauses';
import { actKinds, taskKinds } from '../../domain/forms';
import { clausesOf } from '../../policy/clauses';
import { linyi } from '../../policy/linyi';

const ROOT = join(__dirname, '../..');
const texts = clausesOf(linyi.id);
const known = new Set(texts.map(({ id }) => id));

test('every clause of the table has the document’s own words', () => {
  const table = tableOf(readFileSync(join(ROOT, 'docs/clauses.md'), 'utf8')).map(({ id }) => id);
  expect([...known].sort()).toEqual(table.sort());
  for (const { text, title, titleEn, place } of texts) {
    for (const one of [text, title, titleEn, place]) expect(one).not.toBe('');
    expect(text).not.toMatch(/\s{2}|^\s|\s$/);
  }
});

test('every clause that a task or an act names has a text', () => {
  const kinds = [...Object.values(taskKinds), ...Object.values(actKinds)];
  expect(kinds.filter(({ clause }) => !known.has(clause)).map(({ title }) => title)).toEqual([]);
});

test('every clause that a rule names has a text', () => {
  const sources = ['domain', 'policy', 'api', 'workflows', 'activities'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(ROOT, folder, name), 'utf8')),
  );
  const named = new Set(
    sources.flatMap((source) => source.match(/(?<=['"`])P(?:\d(?:\.\d+)+b?|-A\d)(?=['"`])/g)),
  );
  expect(named.size).toBeGreaterThan(25);
  expect([...named].filter((id) => id !== null && !known.has(id))).toEqual([]);
});

test('P2.1.3: the clause says its five working days, and what law adds', () => {
  const notice = texts.find(({ id }) => id === 'P2.1.3');
  expect(notice?.text).toContain('公示时间不少于5个工作日');
  expect(notice?.law).toContainEqual({ title: '改造方案公示', basis: '临政办字〔2020〕81号 二(一)3' });
});
