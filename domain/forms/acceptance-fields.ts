import { z } from 'zod';
import type { CivilDate } from '../calendar';
import { refusal, type Refusal } from '../refusal';
import type { Moment } from '../task';
import { documents, prose } from './fields';

/** What the forms of the completion acceptance share. */

const policyBasis = '临政办字〔2020〕81号 二(四)';
export const qualityRules = '建设工程质量管理条例 16';

const documentTitles: Record<string, string> = {
  'as-built-drawings': '竣工图',
  'quality-statements': '各方质量合格文件',
  warranty: '工程质量保修书',
  'elevator-inspection': '电梯监督检验合格证明',
  'acceptance-report': '竣工验收报告',
  'operator-acceptance': '专营设施验收记录',
};

export const titled = (keys: readonly string[]) => documents(keys, documentTitles);

export interface MendedDefect {
  readonly defect: string;
  readonly how: string;
}

export interface Defect {
  readonly id: string;
  readonly by: string;
  readonly what: string;
}

export const defects = () =>
  z.array(prose('缺陷及整改要求', 2000)).max(200).optional().meta({ title: '缺陷（不同意验收时填写）' });

/** Accepted without a defect, or refused with every defect listed. */
export function opinionRefusals(form: {
  accepted: boolean;
  defects?: readonly string[] | undefined;
}): Refusal[] {
  const listed = form.defects?.length ?? 0;
  if (form.accepted && listed > 0) {
    return [
      no(
        'defects',
        '列有缺陷的，整改后方可同意验收',
        'with defects listed: accept after they are mended',
        qualityRules,
      ),
    ];
  }
  if (!form.accepted && listed === 0) {
    return [no('defects', '不同意验收的，应逐条列明缺陷', 'refused: list every defect', qualityRules)];
  }
  return [];
}

export function notAfterToday(path: string, day: CivilDate, { today }: Moment): Refusal[] {
  return day > today ? [no(path, '日期不得晚于今天', 'not after today')] : [];
}

export function no(path: string, message: string, messageEn: string, basis = policyBasis): Refusal {
  return refusal(message, messageEn, { path, clause: 'P2.4.1', basis });
}
