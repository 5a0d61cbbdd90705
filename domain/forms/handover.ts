import { z } from 'zod';
import type { Warranty } from '../acceptance';
import type { CivilDate } from '../calendar';
import type { ManagementMode } from '../outputs';
import { refusal, type Refusal } from '../refusal';
import { defineTask, SAMPLE_ATTACHMENT } from '../task';
import {
  attachment,
  count,
  documents,
  line,
  organisationId,
  prose,
  sampleDocuments,
  squareMetres,
  yesNo,
} from './fields';
import type { Fraction } from '../../policy/law';

/** 移交 (P2.4.5): the manager is recorded, every asset is listed and accepted; utility assets go to operators (P4.5). */

const step = 'handover' as const;
const clause = 'P2.4.5';
const policyBasis = '临政办字〔2020〕81号 二(四)';
const utilityBasis = '临政办字〔2020〕81号 四(五)';

const titled = (keys: readonly string[]) =>
  documents(keys, { 'handover-list': '移交清单', 'utility-handover': '专营设施移交协议' });

/** An organisation that may manage, and as what. */
export interface ManagerCandidate {
  readonly id: string;
  readonly name: string;
  readonly as: ManagementMode;
}

export interface ManagerContext {
  /** The mode that the residents chose in needs collection. */
  readonly mode: ManagementMode;
  readonly candidates: readonly ManagerCandidate[];
}

/** Who manages from now on: as chosen by the residents, or the neighbourhood until a company is found. */
export const managerRecording = defineTask({
  kind: 'manager-recording',
  title: '登记物业管理单位',
  titleEn: 'Record the property manager',
  step,
  clause,
  seats: ['subdistrict@subdistrict'],
  form: (_: ManagerContext) =>
    z.strictObject({
      manager: organisationId('物业管理单位'),
      interim: yesNo('由社区居委会临时代管'),
      reason: prose('临时代管的原因').optional(),
    }),
  rules: (form, { mode, candidates }) => {
    const as = candidates.filter(({ id }) => id === form.manager).map((candidate) => candidate.as);
    if (as.length === 0) return [no('manager', '不是可选的物业管理单位', 'not one of those who may manage')];
    if (!form.interim) {
      return as.includes(mode)
        ? []
        : [
            no(
              'manager',
              '应与征集需求时居民选定的物业管理模式一致',
              'must be of the mode that the residents chose',
            ),
          ];
    }
    return [
      ...(mode === 'professional' && as.includes('neighbourhood')
        ? []
        : [
            no(
              'interim',
              '选聘物业企业落实前，方可由社区居委会临时代管',
              'only the neighbourhood, and only until a company is found',
            ),
          ]),
      ...(form.reason ? [] : [no('reason', '临时代管应说明原因', 'say why in the interim')]),
    ];
  },
  example: ({ mode, candidates }) => {
    const chosen = candidates.find(({ as }) => as === mode);
    if (chosen) return { manager: chosen.id, interim: false };
    const interim = candidates.find(({ as }) => as === 'neighbourhood');
    return { manager: interim?.id ?? '', interim: true, reason: '样例：正在选聘物业企业' };
  },
});

export interface HeatingContext {
  readonly community: string;
  readonly name: string;
  readonly floorArea: number;
  readonly households: number;
  readonly ratio: Fraction;
}

/** The owners' tally on handing the heating facilities to the heat company (临沂市供热条例 11). */
export const heatingTally = defineTask({
  kind: 'heating-tally',
  title: '登记供热设施移交的业主意见',
  titleEn: "Enter the owners' tally on handing over heating facilities",
  step,
  clause: 'P4.5',
  seats: ['neighbourhood@neighbourhood'],
  form: (_: HeatingContext) =>
    z.strictObject({
      totalArea: squareMetres('专有部分总面积'),
      totalOwners: count('业主总人数'),
      agreeingArea: squareMetres('同意的面积'),
      agreeingOwners: count('同意的业主人数'),
      tally: attachment('业主意见统计'),
    }),
  rules: (form) => [
    ...(form.totalOwners > 0 && form.totalArea > 0
      ? []
      : [heating('totalOwners', '总面积、总人数应大于零', 'area and owners are above 0')]),
    ...(form.agreeingArea > form.totalArea
      ? [heating('agreeingArea', '同意面积大于总面积', 'more area agrees than there is')]
      : []),
    ...(form.agreeingOwners > form.totalOwners
      ? [heating('agreeingOwners', '同意人数大于总人数', 'more owners agree than there are')]
      : []),
  ],
  example: ({ floorArea, households }) => ({
    totalArea: floorArea,
    totalOwners: households,
    agreeingArea: floorArea,
    agreeingOwners: households,
    tally: SAMPLE_ATTACHMENT,
  }),
});

export interface Receiver {
  readonly id: string;
  readonly name: string;
  readonly as: 'manager' | 'operator';
}

/** A chosen item with those who may take what it built. */
export interface ItemReceivers {
  readonly no: number;
  readonly name: string;
  /** Organisations; an item on operators' networks goes to one of theirs. */
  readonly receivers: readonly string[];
}

export interface Asset {
  readonly item: number;
  readonly name: string;
  readonly receiver: string;
}

export interface HandoverListContext {
  readonly items: readonly ItemReceivers[];
  readonly receivers: readonly Receiver[];
  readonly warranties: readonly Warranty[];
  /** What receivers refused before, and why. */
  readonly refused: readonly { readonly receiver: string; readonly remarks: string }[];
}

export const handoverList = defineTask({
  kind: 'handover-list',
  title: '编制移交清单',
  titleEn: 'List what is handed over',
  step,
  clause,
  seats: ['project-owner@market'],
  form: (_: HandoverListContext) =>
    z.strictObject({
      assets: z
        .array(
          z.strictObject({
            item: z.int().min(1).max(36).meta({ title: '改造内容序号' }),
            name: line('设施名称'),
            receiver: organisationId('接收单位'),
          }),
        )
        .min(1)
        .max(1000)
        .meta({ title: '移交设施' }),
      documents: titled(['handover-list']),
    }),
  rules: (form, { items }) => [
    ...items
      .filter(({ no: item }) => !form.assets.some((asset) => asset.item === item))
      .map(({ no: item, name }) =>
        no('assets', `第 ${item} 项（${name}）未列入移交清单`, `item ${item} is not listed`),
      ),
    ...form.assets.flatMap((asset, i) => assetRefusals(asset, `assets.${i}`, items)),
  ],
  example: ({ items }) => ({
    assets: items.flatMap(({ no: item, name, receivers }) =>
      receivers.map((receiver) => ({ item, name: `样例：${name}`, receiver })),
    ),
    documents: sampleDocuments(['handover-list']),
  }),
});

function assetRefusals(asset: Asset, at: string, items: readonly ItemReceivers[]): Refusal[] {
  const item = items.find((one) => one.no === asset.item);
  if (!item)
    return [no(`${at}.item`, `方案未选第 ${asset.item} 项`, `item ${asset.item} is not in the plan`)];
  if (item.receivers.includes(asset.receiver)) return [];
  return [
    refusal(`${item.name}应移交给：${item.receivers.join('、')}`, `goes to: ${item.receivers.join(', ')}`, {
      path: `${at}.receiver`,
      clause: 'P4.5',
      basis: utilityBasis,
    }),
  ];
}

export interface HandoverAcceptanceContext {
  readonly receiver: Receiver;
  readonly assets: readonly Asset[];
  readonly warranties: readonly Warranty[];
  readonly acceptedOn: CivilDate;
}

function receiptRefusals(form: { accepted: boolean; remarks?: string | undefined }): Refusal[] {
  return form.accepted || form.remarks ? [] : [no('remarks', '不接收的，应说明理由', 'refused: say why')];
}

/** The manager takes over what is the community's. */
export const handoverAcceptance = defineTask({
  kind: 'handover-acceptance',
  title: '接收移交设施',
  titleEn: 'Accept what is handed over',
  step,
  clause,
  seats: ['property-manager@market'],
  form: (_: HandoverAcceptanceContext) =>
    z.strictObject({ accepted: yesNo('同意接收'), remarks: prose('不接收的理由').optional() }),
  rules: receiptRefusals,
  example: () => ({ accepted: true }),
});

/** P4.5: an operator takes over its facilities, with a signed agreement, and maintains them from then on. */
export const utilityHandover = defineTask({
  kind: 'utility-handover',
  title: '接收专营设施',
  titleEn: 'Accept utility facilities',
  step,
  clause: 'P4.5',
  seats: ['*@operator'],
  form: (_: HandoverAcceptanceContext) =>
    z.strictObject({
      accepted: yesNo('同意接收并负责维护管理'),
      remarks: prose('不接收的理由').optional(),
      documents: titled(['utility-handover']).optional(),
    }),
  rules: (form) => [
    ...receiptRefusals(form).map((found) => ({ ...found, clause: 'P4.5' })),
    ...(form.accepted && !form.documents
      ? [
          refusal('接收的，应附双方签署的移交协议', 'attach the signed agreement', {
            path: 'documents',
            clause: 'P4.5',
            basis: utilityBasis,
          }),
        ]
      : []),
  ],
  example: () => ({ accepted: true, documents: sampleDocuments(['utility-handover']) }),
});

function heating(path: string, message: string, messageEn: string): Refusal {
  return refusal(message, messageEn, { path, clause: 'P4.5', basis: '临沂市供热条例 11' });
}

function no(path: string, message: string, messageEn: string, basis = policyBasis): Refusal {
  return refusal(message, messageEn, { path, clause, basis });
}
