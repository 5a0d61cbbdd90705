import type { Language } from './language';

/** What happened, as the record says it in the past tense; `{…}` stands for what the event tells. */
const EVENTS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  'project-started': ['发起项目', 'began the project'],
  'project-suspended': ['项目暂停', 'the project was suspended'],
  'project-resumed': ['项目恢复', 'the project was resumed'],
  'project-ended': ['项目结束', 'the project ended'],
  'taken-in': ['接入已在纸面办理的项目', 'taken in from paper'],
  'turned-back': ['项目退回到本步骤', 'turned back to this step'],
  'walked-again': ['自本步骤起重新办理', 'from this step on all is done again'],
  'policy-moved': ['改按新的政策版本办理', 'moved to another version of the policy'],
  'policy-move-failed': ['改按新的政策版本未成', 'could not be moved to another version of the policy'],
  'communities-left': ['小区退出项目', 'communities left the project'],
  'step-started': ['开始第 {round} 轮', 'round {round} was started'],
  'step-opened': ['第 {round} 轮开始办理', 'round {round} opened'],
  'step-done': ['第 {round} 轮办结', 'round {round} was done'],
  'step-closed': ['第 {round} 轮终止', 'round {round} was closed'],
  'step-turned-back': ['第 {round} 轮退回', 'round {round} was turned back'],
  'step-lost': ['步骤被外部中断', 'the step was ended from outside'],
  'child-ended': ['子流程结束', 'a part of the step ended'],
  'repair-approved': ['应急修复获批', 'a repair was approved'],
  'repair-refused': ['应急修复未获批', 'a repair was refused'],
  'seat-vacant': ['席位空缺：{seat}', 'a seat is vacant: {seat}'],
  'seat-filled': ['席位已有人：{seat}', 'a seat was filled: {seat}'],
  'task-assigned': [
    '向 {organisation} 交办「{kind}」，期限 {due}',
    'assigned “{kind}” to {organisation}, due {due}',
  ],
  'task-completed': ['办结「{kind}」', 'completed “{kind}”'],
  'task-decided': ['就「{kind}」作出决定，待加签人办理', 'decided “{kind}”; co-signers are awaited'],
  'task-freed': ['「{kind}」不再由原领取人办理', '“{kind}” is nobody’s in particular again'],
  'task-closed': ['撤销待办「{kind}」', 'closed the task “{kind}”'],
  'task-overdue': ['「{kind}」逾期', '“{kind}” is overdue'],
  'task-reminded': ['到期提醒「{kind}」', 'reminded of “{kind}”'],
  'task-escalated': ['「{kind}」逾期未办，报上级督办', '“{kind}” was brought before the superior office'],
  'task-urged': ['催办「{kind}」', 'urged “{kind}”'],
  'task-claimed': ['领取「{kind}」', 'claimed “{kind}”'],
  'task-released': ['退还「{kind}」', 'gave “{kind}” back'],
  'task-transferred': ['转办「{kind}」', 'handed “{kind}” over'],
  'task-delegated': ['委派「{kind}」', 'delegated “{kind}”'],
  'task-delegate-answered': ['受委派人提出「{kind}」的办理意见', 'the delegate answered “{kind}”'],
  'task-retracted': ['撤回对「{kind}」的决定', 'took the decision on “{kind}” back'],
  'task-decision-given-back': ['加签未同意，「{kind}」退回重办', 'co-signers gave “{kind}” back'],
  'task-co-signature-asked': ['就「{kind}」请求加签', 'asked for co-signatures on “{kind}”'],
  'task-co-signers-removed': ['减签「{kind}」', 'removed co-signers of “{kind}”'],
  'task-clock-stopped': ['「{kind}」补正，中止计时', 'stopped the clock of “{kind}”'],
  'task-clock-resumed': ['「{kind}」恢复计时', 'resumed the clock of “{kind}”'],
  'task-clock-ran-out': ['「{kind}」补正期满，恢复计时', 'the clock of “{kind}” went on'],
  'paper-decision-entered': [
    '代录纸质决定「{kind}」，待第二人确认',
    'entered a decision from paper on “{kind}”',
  ],
  'paper-decision-refused': ['代录的纸质决定未经确认', 'the decision entered from paper was not confirmed'],
  'survey-low-turnout': ['入户调查参与率偏低', 'few households took part in the survey'],
  'community-declined': ['小区居民未同意改造', 'the residents declined'],
  'operator-declined': ['专营单位不参与', 'an operator declined'],
  'plan-not-confirmed': ['初步方案未获确认，退回修改', 'the plan was not confirmed'],
  'notice-period': ['公示自 {postedOn} 至 {lastDay}', 'the notice hangs from {postedOn} to {lastDay}'],
  'owners-vote-failed': ['业主表决未通过', 'the owners’ vote failed'],
  'ready-for-submission': ['报请列入 {year} 年度计划', 'asked to be listed in the plan of {year}'],
  'listing-submitted': ['县区已提报 {year} 年度计划', 'the county submitted it for {year}'],
  'listing-in-review': ['进入联合审查', 'joint review began'],
  'listing-reviewed': ['联合审查通过，报市政府', 'the joint review approved it'],
  'listing-listed': ['列入 {year} 年度计划，{number}', 'listed in the plan of {year}, {number}'],
  'listing-corrected': ['联合审查退回修改', 'the joint review wants it corrected'],
  'listing-deferred': ['转入下一年度', 'deferred to the next year'],
  'listing-missed': ['未赶上本年度提报，转入下一年度', 'missed this year’s submission'],
  'listing-rejected': ['不予列入', 'not listed'],
  'listing-late-admitted': ['逾期补报列入 {year} 年度', 'admitted late for {year}'],
  'scheme-returned': ['改造方案退回修改', 'the scheme was returned'],
  'tender-failed': ['招标失败，重新招标', 'the tender failed'],
  awarded: ['{name} 由 {company} 中标', '{name} was awarded to {company}'],
  started: ['{startedOn} 开工', 'works began on {startedOn}'],
  'progress-certified': ['{month} 进度确认为 {percent}%', 'progress of {month} certified: {percent}%'],
  'finding-moved': ['检查问题有进展', 'a finding moved on'],
  'payment-requested': ['申请付款 {amountFen}', 'payment of {amountFen} was requested'],
  'payment-certified': ['付款审核通过 {amountFen}', 'payment of {amountFen} was certified'],
  'payment-paid': ['已付 {amountFen}', 'paid {amountFen}'],
  'payment-refused': ['付款未获同意', 'the payment was refused'],
  'change-requested': ['申请工程变更', 'a change was requested'],
  'change-approved': ['工程变更获批', 'the change was approved'],
  'change-refused': ['工程变更未获批', 'the change was refused'],
  'acceptance-refused': ['竣工验收未通过，整改后再验', 'acceptance was refused'],
  'archive-sealed': ['档案封存', 'the archive was sealed'],
  'archive-supplement-sealed': ['补充档案封存', 'a supplement was sealed'],
};

const ACTS: readonly (readonly [suffix: string, zh: string, en: string])[] = [
  ['-begun', '发起「{act}」', 'began “{act}”'],
  ['-consented', '「{act}」获得同意', '“{act}” was consented to'],
  ['-refused', '「{act}」未获同意', '“{act}” was refused'],
];

/**
 * An event in a sentence.
 * @param told what stands for each `{name}`; what the event does not tell is left out
 */
export function eventSentence(
  type: string,
  language: Language,
  told: (name: string) => string | undefined,
  actTitle: (act: string) => string,
): string {
  const at = language === 'zh' ? 0 : 1;
  const known = EVENTS[type];
  if (known) return filled(known[at], told);
  const act = ACTS.find(([suffix]) => type.endsWith(suffix));
  if (!act) return type;
  const title = actTitle(type.slice(0, -act[0].length));
  return act[at + 1]?.replace('{act}', title) ?? type;
}

/** Without what is not told, a sentence loses the clause in which it would stand. */
function filled(sentence: string, told: (name: string) => string | undefined): string {
  return sentence
    .split(/(?<=，)|(?<=, )/)
    .filter((clause, i) => i === 0 || namesIn(clause).every((name) => told(name) !== undefined))
    .join('')
    .replaceAll(/\{(\w+)\}/g, (_whole, name: string) => told(name) ?? '')
    .replaceAll('「」', '')
    .replaceAll('“”', '')
    .replace(/[，：,:\s]+$/, '');
}

function namesIn(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}
