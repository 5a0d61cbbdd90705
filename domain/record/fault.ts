import type { SignatureFault } from '../signing/signature';

/** Why a record is wrong. */
export type FaultKind =
  | 'missing'
  | 'added'
  | 'misplaced'
  | 'altered'
  | 'unlinked'
  | 'no-head'
  | 'head-differs'
  | 'parent-missing'
  | 'origin-unknown'
  | 'child-missing'
  | 'child-unnamed'
  | 'child-differs'
  | 'after-end'
  | 'not-ended'
  | 'unsigned'
  | 'signature'
  | 'not-assigned'
  | 'paper-unconfirmed'
  | 'not-co-signed'
  | 'not-signed-off'
  | 'workflow-differs'
  | 'workflow-vanished'
  | 'workflow-unasked'
  | 'not-recorded'
  | 'no-update'
  | 'update-differs'
  | 'root-forged'
  | 'root-unlinked'
  | 'root-leaves'
  | 'behind-root'
  | 'differs-from-root';

/** One wrong record: of which workflow, the number of its event, and what is wrong there. */
export interface RecordFault {
  /** `project/371302-2027-0042/public-notice/1`; of a daily root `root/2027-03-10`. */
  readonly workflowId: string;
  readonly seq: number;
  readonly kind: FaultKind;
  /** What makes it plain, where the kind alone does not: an Update's id, another workflow. */
  readonly detail?: string;
}

const SAID: Record<FaultKind, { readonly zh: string; readonly en: string }> = {
  missing: { zh: '记录缺失', en: 'the record is missing' },
  added: { zh: '链尾之后多出记录', en: 'a record stands behind the end of the chain' },
  misplaced: { zh: '记录不属于此处', en: 'the record belongs elsewhere' },
  altered: { zh: '内容与校验值不符', en: 'the content is not what was hashed' },
  unlinked: { zh: '与前一条记录不相接', en: 'it does not follow the record before it' },
  'no-head': { zh: '链头缺失', en: 'the head of the chain is missing' },
  'head-differs': { zh: '链头与最后一条记录不符', en: 'the head is not the last record' },
  'parent-missing': { zh: '上级流程的记录缺失', en: 'the parent’s record is missing' },
  'origin-unknown': { zh: '起点不是上级流程的记录', en: 'it begins with what no record of its parent is' },
  'child-missing': { zh: '上级流程所载的下级流程没有记录', en: 'its parent names it, but it has no record' },
  'child-unnamed': { zh: '上级流程结束时未载明其链头', en: 'its parent ended without naming its head' },
  'child-differs': { zh: '与上级流程所载链头不符', en: 'it is not what its parent names as its head' },
  'after-end': { zh: '流程已办结，此后不应再有记录', en: 'it stands behind the event that closed the chain' },
  'not-ended': {
    zh: '流程历史已过期，而记录没有签名的结尾',
    en: 'the engine’s history has expired, and no signed end of the workflow stands in the record',
  },
  unsigned: { zh: '应有签名而没有签名', en: 'it needs a signature, and nobody has signed it' },
  signature: { zh: '签名不成立', en: 'its signature does not count' },
  'not-assigned': { zh: '办结的任务未曾分派或已办结', en: 'it completes a task that was not open' },
  'paper-unconfirmed': {
    zh: '纸质决定未经登记或复核',
    en: 'a decision from paper that was not entered or confirmed',
  },
  'not-co-signed': {
    zh: '加签尚未满足即称办结',
    en: 'a decision that its co-signers had not signed',
  },
  'not-signed-off': {
    zh: '未按经办、审核、签发的次序由不同人员签署',
    en: 'a decision that did not pass its stages, each signed by another person',
  },
  'workflow-differs': { zh: '与流程自身所持链头不符', en: 'the workflow itself holds another head' },
  'workflow-vanished': {
    zh: '流程引擎中已无此流程',
    en: 'the engine no longer has its history, which has not expired',
  },
  'workflow-unasked': {
    zh: '流程没有应答，未能核对',
    en: 'the workflow did not answer, so it was not compared',
  },
  'not-recorded': { zh: '流程接受的决定没有记录', en: 'the workflow accepted an Update that has no record' },
  'no-update': {
    zh: '记录所称的决定流程并未接受',
    en: 'the workflow never accepted the Update that it names',
  },
  'update-differs': { zh: '与流程引擎所存内容不符', en: 'what the engine was sent says something else' },
  'root-forged': { zh: '日根签名不成立', en: 'the daily root’s signature does not count' },
  'root-unlinked': { zh: '日根与前一日根不相接', en: 'the daily root does not follow the one before it' },
  'root-leaves': { zh: '日根与其叶不符', en: 'the daily root is not the root of its leaves' },
  'behind-root': { zh: '记录短于日根所载', en: 'the record is shorter than a daily root says' },
  'differs-from-root': { zh: '记录与日根所载不符', en: 'the record is not what a daily root says' },
};

const WHY: Record<SignatureFault, string> = {
  unsigned: '无签名 no signature',
  'unknown-root': '根密钥不受信任 unknown root',
  'wrong-use': '密钥用途不符 wrong use',
  'outside-validity': '不在有效期 outside the key’s validity',
  revoked: '密钥已吊销 revoked',
  altered: '内容与签名不符 other content',
  'out-of-time': '签署时间不符 out of time',
};

export function whySignature(fault: SignatureFault): string {
  return WHY[fault];
}

/** What is wrong, in each language. */
export function faultWords({ kind }: RecordFault): { readonly zh: string; readonly en: string } {
  return SAID[kind];
}

/** One sentence in both languages, the record's place first. */
export function faultText({ workflowId, seq, kind, detail }: RecordFault): string {
  const { zh, en } = SAID[kind];
  return `${workflowId} #${seq}: ${zh} · ${en}${detail === undefined ? '' : ` (${detail})`}`;
}
