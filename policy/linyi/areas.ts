/**
 * Counties and districts of Linyi (division codes of the national statistics bureau, 2023-06-30) and the three
 * management committees. These have no division code and cross county borders: their keys are ours.
 */
import type { PolicyFile } from '../schema';

export const areas: PolicyFile['areas'] = [
  { code: '371300', name: '临沂市', kind: 'city', ownKey: false },
  { code: '371302', name: '兰山区', kind: 'county', ownKey: false },
  { code: '371311', name: '罗庄区', kind: 'county', ownKey: false },
  { code: '371312', name: '河东区', kind: 'county', ownKey: false },
  { code: '371321', name: '沂南县', kind: 'county', ownKey: false },
  { code: '371322', name: '郯城县', kind: 'county', ownKey: false },
  { code: '371323', name: '沂水县', kind: 'county', ownKey: false },
  { code: '371324', name: '兰陵县', kind: 'county', ownKey: false },
  { code: '371325', name: '费县', kind: 'county', ownKey: false },
  { code: '371326', name: '平邑县', kind: 'county', ownKey: false },
  { code: '371327', name: '莒南县', kind: 'county', ownKey: false },
  { code: '371328', name: '蒙阴县', kind: 'county', ownKey: false },
  { code: '371329', name: '临沭县', kind: 'county', ownKey: false },
  { code: '371371', name: '临沂高新技术产业开发区', kind: 'development-zone', ownKey: false },
  { code: '371300-jkq', name: '临沂经济技术开发区', kind: 'management-committee', ownKey: true },
  { code: '371300-lgq', name: '临沂临港经济开发区', kind: 'management-committee', ownKey: true },
  { code: '371300-yhxq', name: '沂河新区', kind: 'management-committee', ownKey: true },
];

/**
 * Management committees have no audit office of their own: the city's holds the seat. This is our reading,
 * to be confirmed by the city; without an entry the seat would be vacant, which alerts and waits.
 */
export const seatMappings: PolicyFile['seatMappings'] = ['371300-jkq', '371300-lgq', '371300-yhxq'].map(
  (area) => ({
    area,
    seat: 'audit@county',
    heldBy: 'audit@city',
    heldIn: '371300',
    note: '管委会未单设审计机关，由市审计局承担（待市里确认）',
  }),
);
