import { EMPTY_HEAD, headAfter, link, type ChainHead, type RecordedEvent } from '../../domain/events';
import { ChainCheck } from '../../domain/record/chain';
import { faultText, type RecordFault } from '../../domain/record/fault';
import { FamilyCheck, familyOf, parentOf } from '../../domain/record/family';
import { Verifier } from '../../domain/signing/signature';
import {
  actStatement,
  contentOf,
  decisionStatement,
  headStatement,
  startStatement,
} from '../../domain/signing/statements';
import { signStatement } from '../../keys/identity';
import { verifyNative } from '../../keys/verify';
import { testKeys } from '../support/keys';

const WORKFLOW = 'project/371302-2027-0001/scheme-review/1';
const task = (number: number): string => `${WORKFLOW.replaceAll('/', '.')}.${number}`;
const OFFICE = '371302-fire-rescue';
const RECORDER = '371302-housing';
const at = '2027-01-04T01:00:00.000Z';
type Draft = Omit<RecordedEvent, 'seq' | 'previous' | 'hash' | 'workflowId' | 'at'>;

const paper = { number: '样例1号', date: '2027-01-04', attachment: 'sample-attachment' };
const form = { pass: true };

const assigned = (number: number, kind = 'scheme-review', organisation = OFFICE): Draft => ({
  type: 'task-assigned',
  taskId: task(number),
  data: { kind, organisation },
});

function decision(
  number: number,
  change: { user?: string; organisation?: string; form?: object } = {},
): Draft {
  const by = { user: change.user ?? 'u-1', organisation: change.organisation ?? OFFICE };
  return signed({
    type: 'task-completed',
    taskId: task(number),
    by,
    data: { form: (change.form ?? form) as never },
  });
}

function entered(reason?: string): Draft {
  return signed({
    type: 'paper-decision-entered',
    taskId: task(1),
    by: { user: 'u-1', organisation: RECORDER },
    data: { form, paper, for: OFFICE },
    ...(reason === undefined ? {} : { reason }),
  });
}

/** As the API signs and the desk records it. */
function signed(draft: Draft): Draft {
  const { taskId = '', by, data, reason } = draft;
  const updateId = `update of ${taskId}`;
  const [round, seat] = [1, 'fire-rescue@county'];
  const content = { ...(data as { form: never; paper?: never }), lateReason: reason, by: by as never };
  const statement = decisionStatement({ id: taskId, round, seat }, content, updateId, at);
  return { ...draft, round, updateId, signature: { ...signStatement(testKeys.api, statement), seat } };
}

const confirmation = (confirmed: boolean, user = 'u-2'): Draft =>
  decision(2, { user, organisation: RECORDER, form: { confirmed } });

const fromPaper = (confirmedBy = 'u-2'): Draft => ({
  type: 'task-completed',
  taskId: task(1),
  by: { user: 'u-1', organisation: OFFICE, recordedBy: { user: 'u-1', organisation: RECORDER, confirmedBy } },
  data: { kind: 'scheme-review', form, paper },
});

function chainOf(drafts: readonly Draft[], workflowId = WORKFLOW): RecordedEvent[] {
  let head: ChainHead = EMPTY_HEAD;
  return drafts.map((draft) => {
    const event = link(head, { workflowId, at, ...draft });
    head = headAfter(event);
    return event;
  });
}

function faultOf(drafts: readonly Draft[], workflowId = WORKFLOW): RecordFault | undefined {
  const verifier = new Verifier({ roots: testKeys.roots, revocations: [] }, verifyNative);
  const check = new ChainCheck(workflowId, { verifier });
  for (const event of chainOf(drafts, workflowId)) check.see(event);
  return check.fault;
}

/** The chain's last event, as a worker signs it over what stands before. */
function ended(before: readonly Draft[], identity = testKeys.worker): Draft {
  const last = chainOf(before).at(-1);
  const statement = headStatement(WORKFLOW, last ? headAfter(last) : EMPTY_HEAD, at);
  return { type: 'step-done', data: { output: {} }, signature: signStatement(identity, statement) };
}

const entry = [assigned(1), assigned(2, 'paper-confirmation', RECORDER)];

test('P1.4: a decision signed for its task holds, late reason and all', () => {
  expect(faultOf([assigned(1), decision(1)])).toBeUndefined();
  const late = signed({ ...decision(1), reason: '等待会签', data: { form } });
  expect(faultOf([assigned(1), late])).toBeUndefined();
  expect(faultOf([assigned(1), { ...late, reason: '另一理由' }])).toMatchObject({
    seq: 2,
    kind: 'signature',
  });
});

test('P1.4: a task is completed once, by the office it was assigned to, and only after it was', () => {
  expect(faultOf([decision(1)])).toMatchObject({ seq: 1, kind: 'not-assigned' });
  expect(faultOf([assigned(1), decision(1), decision(1)])).toMatchObject({ seq: 3, kind: 'not-assigned' });
  const elsewhere = decision(1, { organisation: RECORDER });
  expect(faultOf([assigned(1), elsewhere])).toMatchObject({ seq: 2, kind: 'not-assigned' });
  const closed: Draft = { type: 'task-closed', taskId: task(1), reason: '退回' };
  expect(faultOf([assigned(1), closed, decision(1)])).toMatchObject({ seq: 3, kind: 'not-assigned' });
});

test('P1.4: a decision moved into another workflow’s chain does not count there', () => {
  const other = 'project/371302-2027-0002/scheme-review/1';
  expect(faultOf([assigned(1), decision(1)], other)).toMatchObject({ seq: 2, kind: 'signature' });
});

test('P1.4: a decision from paper holds through its signed entry and its second person’s signed confirmation', () => {
  expect(faultOf([...entry, entered(), confirmation(true), fromPaper()])).toBeUndefined();
  expect(faultOf([...entry, entered('迟报原因'), confirmation(true), fromPaper()])).toBeUndefined();
});

test('P5.1.2: a chain ends with a worker’s signature over all that stands before it, and with nothing behind', () => {
  const chain = [assigned(1), assigned(2), decision(1)];
  const end = ended(chain);
  expect(faultOf([...chain, end])).toBeUndefined();
  const { signature: _, ...unsigned } = end;
  expect(faultOf([...chain, unsigned])).toMatchObject({ seq: 4, kind: 'unsigned' });
  expect(faultOf([...chain, ended(chain, testKeys.api)])).toMatchObject({ seq: 4, kind: 'signature' });
  // One event left out, or put in, and every hash made anew.
  expect(faultOf([assigned(1), decision(1), end])).toMatchObject({ seq: 3, kind: 'signature' });
  expect(faultOf([...chain, { type: 'task-reminded', taskId: task(2) }, end])).toMatchObject({
    seq: 5,
    kind: 'signature',
  });
  expect(faultOf([...chain, end, { type: 'task-reminded', taskId: task(2) }])).toMatchObject({
    seq: 5,
    kind: 'after-end',
  });
});

test.each<[string, Draft[], number, string]>([
  ['was never entered', [...entry, confirmation(true), fromPaper()], 4, 'unsigned'],
  ['was never confirmed', [...entry, entered(), fromPaper()], 4, 'paper-unconfirmed'],
  ['was found to differ', [...entry, entered(), confirmation(false), fromPaper()], 5, 'paper-unconfirmed'],
  [
    'was confirmed by somebody else',
    [...entry, entered(), confirmation(true), fromPaper('u-3')],
    5,
    'paper-unconfirmed',
  ],
  [
    'was confirmed by whoever entered it',
    [...entry, entered(), confirmation(true, 'u-1'), fromPaper('u-1')],
    5,
    'paper-unconfirmed',
  ],
  [
    'says something else than was entered',
    [...entry, entered(), confirmation(true), { ...fromPaper(), data: { form: { pass: false }, paper } }],
    5,
    'paper-unconfirmed',
  ],
])('P1.4: a decision from paper that %s is a fault', (_, drafts, seq, kind) => {
  expect(faultOf(drafts)).toMatchObject({ seq, kind });
});

test('P1.4: a refused entry leaves the task open for the office’s own decision', () => {
  const refused: Draft = {
    type: 'paper-decision-refused',
    taskId: task(1),
    by: { user: 'u-2', organisation: RECORDER },
  };
  expect(faultOf([...entry, entered(), confirmation(false), refused, decision(1)])).toBeUndefined();
  expect(faultOf([...entry, entered(), refused])).toMatchObject({ seq: 4, kind: 'paper-unconfirmed' });
});

test('P1.4: an act is held to its signature, and whatever else names a person is a fault without one', () => {
  const by = { user: 'u-1', organisation: RECORDER };
  const statement = actStatement(WORKFLOW, { act: 'finding', form, by }, 'update', at);
  const signature = signStatement(testKeys.api, statement);
  const act: Draft = { type: 'finding-begun', by, data: { form }, updateId: 'update', signature };
  expect(faultOf([act])).toBeUndefined();
  expect(faultOf([{ ...act, type: 'payment-begun' }])).toMatchObject({ kind: 'signature' });
  const { signature: _, ...bare } = act;
  expect(faultOf([bare])).toMatchObject({ kind: 'unsigned' });
  expect(faultOf([{ type: 'step-done', by }])).toMatchObject({ kind: 'unsigned' });
  expect(faultOf([{ type: 'step-done', updateId: 'update' }])).toMatchObject({ kind: 'unsigned' });
});

test('P1.4: who opened a plan is believed because its start was signed', () => {
  const by = { user: 'u-1', organisation: RECORDER };
  const start = contentOf({ year: 2028 });
  const signature = signStatement(testKeys.api, {
    ...startStatement('plan/2028', 'annualPlan', {}, at),
    content: start,
  });
  const opened: Draft = { type: 'step-opened', data: { type: 'annualPlan', start }, signature };
  const plan: Draft = { type: 'plan-opened', by };
  expect(faultOf([opened, plan], 'plan/2028')).toBeUndefined();
  expect(faultOf([plan], 'plan/2028')).toMatchObject({ kind: 'unsigned' });
});

describe('P5.1.2: a project and its steps', () => {
  const project = 'project/371302-2027-0001';
  const child = chainOf([assigned(1)])[0] as RecordedEvent;
  const started: Draft = { type: 'step-started', step: 'scheme-review', round: 1 };

  function family(drafts: readonly Draft[]): { check: FamilyCheck; parent: RecordedEvent[] } {
    const check = new FamilyCheck(project);
    const parent = chainOf(drafts, project);
    for (const event of parent) check.seeParent(event);
    return { check, parent };
  }
  const head = { seq: 3, hash: child.hash };
  const names = (seq: number, hash: string): Draft => ({
    type: 'project-ended',
    data: { heads: [{ workflowId: WORKFLOW, seq, hash }] },
  });

  test('P5.1.2: a step begins at a record of its project, and ends as its project says', () => {
    const { check, parent } = family([started, names(3, head.hash)]);
    check.seeChild(WORKFLOW, parent[0]?.hash ?? '', head);
    expect(check.faults()).toEqual([]);
  });

  test.each([
    ['shorter than its project says', names(4, 'f'.repeat(64)), { seq: 4, kind: 'missing' }],
    ['longer than its project says', names(2, 'f'.repeat(64)), { seq: 3, kind: 'added' }],
    ['another than its project says', names(3, 'f'.repeat(64)), { seq: 3, kind: 'child-differs' }],
    ['not named at its project’s end', { type: 'project-ended' }, { seq: 3, kind: 'child-unnamed' }],
  ])('P5.1.2: a step that is %s is a fault', (_, end: Draft, fault) => {
    const { check, parent } = family([started, end]);
    check.seeChild(WORKFLOW, parent[0]?.hash ?? '', head);
    expect(check.faults()).toEqual([{ workflowId: WORKFLOW, ...fault }]);
  });

  test('P5.1.2: a step that its project names and that has no record is missing', () => {
    const { check } = family([started, names(3, head.hash)]);
    expect(check.faults()).toEqual([{ workflowId: WORKFLOW, seq: 1, kind: 'child-missing' }]);
    expect(family([started]).check.absent).toEqual([WORKFLOW]);
  });

  test('P5.1.2: a county’s submission belongs to its year’s plan', () => {
    expect(parentOf('submission/2028-371302')).toBe('plan/2028');
    expect(parentOf(WORKFLOW)).toBe(project);
    expect(familyOf('plan/2028/joint-document/1')).toBe('plan/2028');
    expect(parentOf(project)).toBeUndefined();
  });
});

test('a fault is one sentence in both languages, its place first', () => {
  expect(faultText({ workflowId: WORKFLOW, seq: 3, kind: 'altered' })).toBe(
    `${WORKFLOW} #3: 内容与校验值不符 · the content is not what was hashed`,
  );
});

describe('sign-off inside an organisation', () => {
  const stages = ['handler', 'section-chief', 'signatory'];
  const inStages: Draft = { ...assigned(1), data: { kind: 'scheme-review', organisation: OFFICE, stages } };
  const content = { pass: true };

  /** As somebody of the office signs it at this stage. */
  function signedAt(type: string, stage: string, user: string, said: object = content): Draft {
    const by = { user, organisation: OFFICE };
    const updateId = `update of ${user}`;
    const [round, seat] = [1, 'fire-rescue@county'];
    const decided = { form: said as never, by, stage: stage as never };
    const statement = decisionStatement({ id: task(1), round, seat }, decided, updateId, at);
    const signature = { ...signStatement(testKeys.api, statement), seat, stage: stage as never };
    return { type, taskId: task(1), round, by, updateId, data: { form: said as never }, signature };
  }
  const drafted = signedAt('task-drafted', 'handler', 'u-1');
  const endorsed = signedAt('task-endorsed', 'section-chief', 'u-2');
  const done = signedAt('task-completed', 'signatory', 'u-3');

  test('P1.4: a decision that every stage has signed, each by another person, holds', () => {
    expect(faultOf([inStages, drafted, endorsed, done])).toBeUndefined();
  });

  test('P1.4: a stage left out, doubled, out of order or signed twice by one person is found', () => {
    const wrong = (...drafts: Draft[]) => faultOf([inStages, ...drafts])?.kind;
    expect(wrong(done)).toBe('not-signed-off');
    expect(wrong(drafted, done)).toBe('not-signed-off');
    expect(wrong(endorsed)).toBe('not-signed-off');
    expect(wrong(drafted, drafted)).toBe('not-signed-off');
    expect(wrong(drafted, signedAt('task-endorsed', 'section-chief', 'u-1'))).toBe('not-signed-off');
    expect(wrong(drafted, endorsed, signedAt('task-completed', 'signatory', 'u-1'))).toBe('not-signed-off');
    expect(wrong(drafted, endorsed, signedAt('task-endorsed', 'signatory', 'u-3'))).toBe('not-signed-off');
  });

  test('P1.4: what was signed for one stage, or over another form, does not count at the next', () => {
    const wrong = (...drafts: Draft[]) => faultOf([inStages, drafted, ...drafts])?.kind;
    expect(wrong(signedAt('task-endorsed', 'handler', 'u-2'))).toBe('not-signed-off');
    expect(wrong(signedAt('task-endorsed', 'section-chief', 'u-2', { pass: false }))).toBe('not-signed-off');
    const moved = signedAt('task-endorsed', 'handler', 'u-2');
    const signature = { ...moved.signature, stage: 'section-chief' } as never;
    expect(wrong({ ...moved, signature })).toBe('signature');
  });
});

describe('P1.4: one signature for two seats of the same organisation', () => {
  const by = { user: 'u-1', organisation: OFFICE };
  const with1 = (change: Partial<Draft> = {}): Draft => ({
    type: 'task-completed',
    taskId: task(2),
    by,
    data: { kind: 'scheme-review', form, sameAs: task(1) },
    ...change,
  });
  const both = [assigned(1), assigned(2)];

  test('holds where the task referred to was decided, signed, on the same form', () => {
    expect(faultOf([...both, decision(1), with1()])).toBeUndefined();
  });

  test('does not hold before it was decided, or without such a task', () => {
    expect(faultOf([...both, with1()])).toMatchObject({ seq: 3, kind: 'unsigned' });
    const of3 = with1({ data: { kind: 'scheme-review', form, sameAs: task(3) } });
    expect(faultOf([...both, decision(1), of3])).toMatchObject({ seq: 4, kind: 'unsigned' });
  });

  test('does not hold for another form, person, organisation or kind', () => {
    const found = (second: Draft, change: Partial<Draft>) =>
      faultOf([assigned(1), second, decision(1), with1(change)]);
    const otherForm = { data: { form: { pass: false }, sameAs: task(1) } };
    expect(found(assigned(2), otherForm)).toMatchObject({ kind: 'unsigned' });
    expect(found(assigned(2), { by: { ...by, user: 'u-2' } })).toMatchObject({ kind: 'unsigned' });
    expect(found(assigned(2, 'scheme-review', RECORDER), {})).toMatchObject({ kind: 'unsigned' });
    const elsewhere = { by: { ...by, organisation: RECORDER } };
    expect(found(assigned(2, 'scheme-review', RECORDER), elsewhere)).toMatchObject({ kind: 'unsigned' });
    expect(found(assigned(2, 'other'), {})).toMatchObject({ kind: 'unsigned' });
  });

  test('does not hold for a task in somebody else’s hands, nor twice, nor for a reference to a reference', () => {
    const held: Draft = {
      ...assigned(2),
      data: { kind: 'scheme-review', organisation: OFFICE, holder: 'u-9' },
    };
    expect(faultOf([assigned(1), held, decision(1), with1()])).toMatchObject({ kind: 'unsigned' });
    expect(faultOf([...both, decision(1), with1(), with1()])).toMatchObject({ kind: 'not-assigned' });
    const third = with1({ taskId: task(3), data: { kind: 'scheme-review', form, sameAs: task(2) } });
    expect(faultOf([...both, assigned(3), decision(1), with1(), third])).toMatchObject({ kind: 'unsigned' });
  });

  test('a task is freed only from somebody who has decided another', () => {
    const held: Draft = {
      ...assigned(2),
      data: { kind: 'scheme-review', organisation: OFFICE, holder: 'u-1' },
    };
    const freed: Draft = { type: 'task-freed', taskId: task(2) };
    expect(faultOf([assigned(1), held, decision(1), freed, decision(2, { user: 'u-9' })])).toBeUndefined();
    expect(faultOf([assigned(1), held, freed])).toMatchObject({ kind: 'not-assigned' });
  });
});
