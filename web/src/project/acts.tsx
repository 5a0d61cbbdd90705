import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../api/client';
import type { Act, Project } from '../api/projects';
import { Failure, Loading } from '../app/said';
import { ActButtons } from '../form/act-dialog';
import { useTexts } from './texts';

/** What this person may begin in the project as it stands: controls, findings, changes, payments. */
export function Acts({ project: { id } }: { project: Project }) {
  const texts = useTexts();
  const client = useQueryClient();
  const [done, setDone] = useState(false);
  const found = useQuery({
    queryKey: ['project', id, 'acts'],
    queryFn: () => ask<{ items: Act[] }>(`/projects/${id}/acts`),
  });
  if (!found.data) return found.error ? <Failure error={found.error} /> : <Loading />;
  const yours = found.data.items.filter((act) => act.yours);
  if (yours.length === 0) return null;
  return (
    <section className="card">
      <h2>{texts.acts.title}</h2>
      {done && <p role="status">{texts.acts.done}</p>}
      <ActButtons
        acts={yours}
        surroundings={SURROUNDINGS}
        onDone={() => {
          setDone(true);
          return client.invalidateQueries({ queryKey: ['project'] });
        }}
      />
    </section>
  );
}

const SURROUNDINGS = { context: undefined, colleagues: [] };
