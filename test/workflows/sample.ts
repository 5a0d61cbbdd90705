import { EMPTY_HEAD } from '../../domain/events';
import type { Organisation, Place } from '../../domain/seats';
import type { ProjectCommunity } from '../../domain/project';
import type { Body, Step } from '../../policy/keys';
import { linyi } from '../../policy/linyi';
import { policySnapshot } from '../../policy/snapshot';
import type { StepStart } from '../../workflows/step';

/** 样例: one county with everybody that a project may meet. */
export const COUNTY = '371302';
export const CITY = '371300';

const countyBodies: readonly Body[] = [
  'housing',
  'development-and-reform',
  'finance',
  'natural-resources-and-planning',
  'government',
  'audit',
  'fire-rescue',
  'market-regulation',
  'sports',
  'civil-affairs',
  'public-security',
];
const cityBodies: readonly Body[] = ['housing', 'development-and-reform', 'finance', 'government', 'audit'];
const operators: readonly Body[] = ['water', 'power', 'gas', 'heating', 'cable-tv'];
const companies: readonly Body[] = [
  'project-owner',
  'designer',
  'contractor',
  'supervisor',
  'surveyor',
  'property-manager',
];

const one = (body: Body, level: Organisation['level'], area: string, suffix = ''): Organisation => ({
  id: `${area}-${body}${suffix}`,
  name: `样例${body}`,
  bodies: [body],
  level,
  area,
});

export const sampleOrganisations = (county = COUNTY): Organisation[] => [
  ...countyBodies.map((body) => one(body, 'county', county)),
  ...cityBodies.map((body) => one(body, 'city', CITY)),
  one('subdistrict', 'subdistrict', `${county}-s1`),
  one('subdistrict', 'subdistrict', `${county}-s2`),
  one('neighbourhood', 'neighbourhood', `${county}-n1`),
  one('neighbourhood', 'neighbourhood', `${county}-n2`),
  ...operators.map((body) => one(body, 'operator', CITY)),
  ...['-a', '-b', '-c'].map((suffix) => one('telecom', 'operator', CITY, suffix)),
  ...companies.map((body) => one(body, 'market', CITY)),
];

export const place = (community: string, n = 1, county = COUNTY): Place => ({
  community,
  city: CITY,
  county,
  subdistrict: `${county}-s${n}`,
  neighbourhood: `${county}-n${n}`,
});

export const community = (id: string, n = 1): ProjectCommunity => ({
  id,
  name: `样例小区${id}`,
  place: place(id, n),
  households: 120,
  buildings: 4,
  floorArea: 11_700,
});

export const policy = policySnapshot(linyi);
export const PROJECT = `${COUNTY}-2028-0001`;

/** What a step starts with, as a project of one community would start it. */
export function stepStart<Input>(
  step: Step | 'control',
  input: Input,
  change: Partial<StepStart<Input>> = {},
): StepStart<Input> {
  return {
    projectId: PROJECT,
    county: COUNTY,
    city: CITY,
    step,
    round: 1,
    places: [place('c1')],
    bindings: {},
    policy,
    head: EMPTY_HEAD,
    input,
    ...change,
  };
}
