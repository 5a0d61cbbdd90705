import { MockActivityEnvironment } from '@temporalio/testing';
import { signActivity } from '../../activities/sign';
import { EMPTY_HEAD } from '../../domain/events';
import {
  headStatement,
  messageStatement,
  startStatement,
  type Statement,
} from '../../domain/signing/statements';
import { testKeys } from '../support/keys';

const at = '2027-01-04T01:00:00.000Z';
const WORKFLOW = 'project/371302-2027-0001';

const sign = (statement: Statement) =>
  new MockActivityEnvironment({ workflowExecution: { workflowId: WORKFLOW, runId: 'r' } }).run(
    signActivity(testKeys.worker),
    [statement],
  );

test.each<[string, Statement]>([
  ['its own end', headStatement(WORKFLOW, EMPTY_HEAD, at)],
  ['what it tells', messageStatement('plan/2027', 'listing', {}, `${WORKFLOW}#1`, at)],
  ['what it starts', startStatement(`${WORKFLOW}/needs-collection/1`, 'needsCollection', {}, at)],
])('P1.4: a workflow has %s signed', async (_, statement) => {
  expect(await sign(statement)).toHaveLength(1);
});

test.each<[string, Statement]>([
  ['another’s end', headStatement('project/371302-2027-0002', EMPTY_HEAD, at)],
  ['what another tells', messageStatement('plan/2027', 'listing', {}, 'project/371302-2027-0002#1', at)],
  [
    'a person’s decision',
    {
      signs: 'decision',
      task: 'project.371302-2027-0001.scheme-review.1.1',
      round: 1,
      content: '',
      user: 'u-1',
      organisation: '371302-housing',
      seat: 'housing@county',
      updateId: 'u',
      at,
    },
  ],
  ['a day’s root', { signs: 'root', date: '2027-01-04', size: 1, root: '', previous: '', at }],
])('P1.4: a workflow asks in vain for %s', async (_, statement) => {
  await expect(sign(statement)).rejects.toMatchObject({ type: 'not-signed' });
});
