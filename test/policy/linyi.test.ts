import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bodies, levels, parseSeat, periodKeys, ratioKeys, seatText, sources } from '../../policy/keys';
import { legalPeriods } from '../../policy/law';
import { linyi } from '../../policy/linyi';
import { parsePolicy } from '../../policy/schema';
import { policySnapshot } from '../../policy/snapshot';

const snapshot = policySnapshot(linyi);

test('P-A2: the 36 items carry their Chinese text and standards, in three classes of 19, 11 and 6', () => {
  expect(linyi.items.map(({ no }) => no)).toEqual(Array.from({ length: 36 }, (_, i) => i + 1));
  const ofClass = (name: string) => linyi.items.filter((item) => item.class === name).map(({ no }) => no);
  expect([ofClass('basic').length, ofClass('improved').length, ofClass('upgraded').length]).toEqual([
    19, 11, 6,
  ]);
  expect([ofClass('basic').at(-1), ofClass('improved').at(-1)]).toEqual([19, 30]);
  expect(linyi.items.find(({ no }) => no === 18)).toMatchObject({
    name: '屋顶防水及美化',
    standard: '确保屋面不漏不渗、整洁，符合规范要求。',
  });
  expect(linyi.items.every(({ name, standard }) => /^[一-龥]/.test(name) && standard.endsWith('。'))).toBe(
    true,
  );
});

test('P1.2: items that concern an operator or another department say which', () => {
  const consulted = Object.fromEntries(
    linyi.items.filter((i) => i.consulted.length > 0).map((i) => [i.no, i.consulted]),
  );
  expect(consulted).toEqual({
    11: ['public-security'],
    12: ['fire-rescue'],
    24: ['sports'],
    28: ['market-regulation'],
    31: ['civil-affairs'],
  });
  expect(new Set(linyi.items.flatMap((i) => i.operators))).toEqual(
    new Set(['water', 'power', 'telecom', 'cable-tv', 'gas', 'heating']),
  );
});

test('P-A1: the leading group of annex 1 is data: its roles, fifteen members and no name of a person', () => {
  expect(linyi.leadingGroup.chair).toEqual(['市政府副市长']);
  expect(linyi.leadingGroup.deputies).toHaveLength(2);
  expect(linyi.leadingGroup.members).toHaveLength(15);
  expect(linyi.leadingGroup.office).toBe('housing@city');
});

test('P5.1.1: the leading group has its five working groups, each with a lead', () => {
  expect(linyi.leadingGroup.workingGroups.map(({ name }) => name)).toEqual([
    '综合协调组',
    '项目审批组',
    '融资和资金保障组',
    '专营设施改造服务组',
    '宣传报道组',
  ]);
});

test('P1.4: every seat is a body at a level where it exists, and reads back from its text', () => {
  for (const text of linyi.seats) {
    const seat = parseSeat(text);
    expect(seat && seatText(seat)).toBe(text);
  }
  expect(parseSeat('housing@moon')).toBeUndefined();
  expect(parseSeat('nobody@city')).toBeUndefined();
  expect(parseSeat('housing')).toBeUndefined();
  expect(parseSeat('housing@city@county')).toBeUndefined();
  expect(new Set(linyi.bodies.flatMap((body) => body.levels))).toEqual(new Set(levels));
  expect(linyi.bodies.map(({ key }) => key)).toEqual([...bodies]);
});

test('P1.4: areas are the counties of the code table and three committees with keys of ours', () => {
  const codes = linyi.areas.filter(({ ownKey }) => !ownKey).map(({ code }) => code);
  expect(codes).toHaveLength(14);
  expect(codes).toContain('371371');
  expect(linyi.areas.filter(({ ownKey }) => ownKey).map(({ name }) => name)).toEqual([
    '临沂经济技术开发区',
    '临沂临港经济开发区',
    '沂河新区',
  ]);
});

test('P3.1 P3.2 P3.3 P3.4 P3.5: each financing mode of the policy is an entry of the file', () => {
  expect(linyi.modes.map(({ clause }) => clause)).toEqual(['P3.1', 'P3.2', 'P3.3', 'P3.4', 'P3.5']);
});

test('P4.3.1: every source of money that the policy names is there, bonds and credit only with income', () => {
  expect(linyi.sources.map(({ key }) => key)).toEqual([...sources]);
  expect(linyi.sources.filter(({ needsIncome }) => needsIncome).map(({ key }) => key)).toEqual([
    'special-bond',
    'credit',
  ]);
});

test('P2.1.4: declaration closes on 30 September, with reminders 30, 7 and 1 days before', () => {
  expect(linyi.dates.submissionClose).toBe('09-30');
  expect(linyi.reminders.declaration).toEqual([30, 7, 1]);
});

test('every period and ratio has a title, a basis and its frame of law', () => {
  for (const key of periodKeys) expect(linyi.periods[key]).toMatchObject({ ...legalPeriods[key] });
  for (const key of ratioKeys) expect(linyi.ratios[key].basis).not.toBe('');
});

test('a policy read back from JSON is the same policy', () => {
  expect(parsePolicy(JSON.parse(JSON.stringify(linyi)))).toEqual(linyi);
});

test('the snapshot is plain JSON, without standards, and small enough to travel with every step', () => {
  const json = JSON.stringify(snapshot);
  expect(JSON.parse(json)).toEqual(snapshot);
  expect(Buffer.byteLength(json)).toBeLessThan(14_000);
  expect(json).not.toContain('无渗漏');
});

test('the files of policy and rules import neither Node built-ins nor Intl', () => {
  const files = ['calendar', 'plan-rules', 'tender-clock', 'owners-vote', 'money'].map((name) =>
    readFileSync(join(__dirname, `../../domain/${name}.ts`), 'utf8'),
  );
  for (const text of files) expect(text).not.toMatch(/from 'node:|new Intl|toLocale|getTimezoneOffset/);
});
