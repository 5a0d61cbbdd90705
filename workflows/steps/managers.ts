import { managerRecording, type ManagerCandidate, type ManagerContext } from '../../domain/forms/handover';
import type { ManagementMode } from '../../domain/outputs';
import { allOf } from '../assembly';
import { refreshOn } from '../candidates';
import type { StepDesk } from '../step';

/** Who manages from the handover on. */
export interface Manager {
  readonly id: string;
  readonly name: string;
  readonly interim: boolean;
}

/** Each subdistrict records who manages in its communities. */
export async function managersRecorded(desk: StepDesk, mode: ManagementMode): Promise<Manager[]> {
  const context = (): ManagerContext => ({ mode, candidates: managerCandidates(desk) });
  const asked = await desk.assign(managerRecording, {
    seat: { body: 'subdistrict', level: 'subdistrict' },
    context: context(),
    due: desk.place.period('handover'),
  });
  // A company registered while the subdistrict is looking for one can be chosen too.
  refreshOn(desk, asked, () => [desk.place.organisations], context);
  const answers = await allOf(asked);
  const recorded = answers.map(({ form }) => ({
    id: form.manager,
    name: nameOf(desk, form.manager),
    interim: form.interim,
  }));
  return recorded.filter(({ id }, i) => recorded.findIndex((one) => one.id === id) === i);
}

/** Companies, and the subdistricts and neighbourhoods of the project, each as what it may manage. */
export function managerCandidates(desk: StepDesk): ManagerCandidate[] {
  const { places } = desk.start;
  const areas = new Set(places.flatMap(({ subdistrict, neighbourhood }) => [subdistrict, neighbourhood]));
  const as: Partial<Record<string, ManagementMode>> = {
    'property-manager': 'professional',
    subdistrict: 'subdistrict',
    neighbourhood: 'neighbourhood',
  };
  return desk.place.organisations.flatMap(({ id, name, bodies, area, level }) =>
    bodies.flatMap((body) => {
      const mode = as[body];
      return mode !== undefined && (level === 'market' || areas.has(area)) ? [{ id, name, as: mode }] : [];
    }),
  );
}

export function nameOf(desk: StepDesk, organisation: string): string {
  return desk.place.organisations.find(({ id }) => id === organisation)?.name ?? organisation;
}
