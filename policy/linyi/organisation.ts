/** The leading group (五(一), 附件1: roles only) and who may stop a project or turn it back. */
import type { PolicyFile } from '../schema';

/**
 * Chair, deputies, members and office are annex 1. The policy names the five working groups but not who sits in
 * them: that is our proposal (M), by the duties of 五(一)1–16.
 */
export const leadingGroup: PolicyFile['leadingGroup'] = {
  chair: ['市政府副市长'],
  deputies: ['市政府办公室副主任', '市住房城乡建设局局长'],
  members: [
    { name: '市发展改革委', body: 'development-and-reform' },
    { name: '市民政局', body: 'civil-affairs' },
    { name: '市财政局', body: 'finance' },
    { name: '市自然资源和规划局', body: 'natural-resources-and-planning' },
    { name: '市住房城乡建设局', body: 'housing' },
    { name: '市城管局', body: 'urban-management' },
    { name: '市商务局', body: 'commerce' },
    { name: '市审计局', body: 'audit' },
    { name: '市地方金融监管局' },
    { name: '市消防救援支队', body: 'fire-rescue' },
    { name: '国家电网临沂分公司', body: 'power' },
    { name: '中国移动临沂市分公司', body: 'telecom' },
    { name: '中国联通临沂市分公司', body: 'telecom' },
    { name: '中国电信临沂市分公司', body: 'telecom' },
    { name: '山东广电网络公司临沂分公司', body: 'cable-tv' },
  ],
  office: 'housing@city',
  workingGroups: [
    {
      key: 'coordination',
      name: '综合协调组',
      lead: 'housing@city',
      members: ['government@city', 'civil-affairs@city'],
    },
    {
      key: 'project-approval',
      name: '项目审批组',
      lead: 'development-and-reform@city',
      members: [
        'housing@city',
        'natural-resources-and-planning@city',
        'urban-management@city',
        'fire-rescue@city',
      ],
    },
    {
      key: 'financing',
      name: '融资和资金保障组',
      lead: 'finance@city',
      members: ['housing@city', 'audit@city'],
    },
    {
      key: 'utility-facilities',
      name: '专营设施改造服务组',
      lead: 'housing@city',
      members: ['development-and-reform@city', 'power@operator', 'telecom@operator', 'cable-tv@operator'],
    },
    { key: 'publicity', name: '宣传报道组', lead: 'housing@city', members: ['government@city'] },
  ],
};

/** After the joint document not before scheme review, after contracts not before construction: `domain/controls`. */
export const returnRights: PolicyFile['returnRights'] = [
  { from: ['preliminary-plan'], to: ['needs-collection'], seats: ['housing@county'] },
  { from: ['public-notice'], to: ['needs-collection', 'preliminary-plan'], seats: ['housing@county'] },
  {
    from: ['county-submission', 'joint-review', 'municipal-approval', 'joint-document'],
    to: ['needs-collection', 'preliminary-plan', 'public-notice'],
    seats: ['housing@county', 'housing@city'],
  },
  { from: ['scheme-review'], to: ['scheme-review'], seats: ['housing@county'] },
  { from: ['tendering'], to: ['scheme-review', 'tendering'], seats: ['housing@county'] },
  {
    from: ['completion-acceptance'],
    to: ['construction', 'completion-acceptance'],
    seats: ['housing@county'],
  },
  {
    from: ['final-accounts', 'archiving', 'handover', 'property-management'],
    to: ['completion-acceptance'],
    seats: ['housing@county', 'housing@city'],
  },
];

const basis = '临政办字〔2020〕81号 一(四) 县区政府承担主体责任；权限由市定';

export const controlRights: PolicyFile['controlRights'] = [
  {
    act: 'withdraw',
    during: ['before-submission'],
    seats: ['housing@county', 'government@county'],
    consent: [],
    basis,
  },
  {
    act: 'withdraw',
    during: ['before-joint-document'],
    seats: ['housing@county', 'government@county'],
    consent: ['housing@city'],
    basis,
  },
  {
    act: 'withdraw',
    during: ['before-contracts'],
    seats: ['housing@county', 'government@county'],
    consent: ['housing@city', 'development-and-reform@city', 'finance@city'],
    basis: '联合行文后的撤回属计划调整，由三部门同意并报市政府',
  },
  {
    act: 'cancel',
    during: ['after-contracts'],
    seats: ['housing@county', 'government@county'],
    consent: ['housing@city'],
    basis: '合同签订后取消须办理结算',
  },
  {
    act: 'residents-vote',
    during: ['before-submission', 'before-joint-document', 'before-contracts'],
    seats: ['neighbourhood@neighbourhood'],
    consent: [],
    basis: '民法典 278',
  },
  {
    act: 'suspend',
    seats: ['housing@county'],
    consent: [],
    basis,
  },
  {
    act: 'resume',
    seats: ['housing@county'],
    consent: [],
    basis,
  },
  { act: 'late-admission', during: ['before-submission'], seats: ['housing@city'], consent: [], basis },
];
