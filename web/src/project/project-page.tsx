import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { ask } from '../api/client';
import { useOrganisations, usePolicy } from '../api/names';
import type { Outlook, Project } from '../api/projects';
import { NoPage } from '../app/no-page';
import { Failure, Loading } from '../app/said';
import { day } from '../words/moments';
import { useLanguage, useTitle } from '../words/language';
import { Awaited } from './awaited';
import { Course } from './course';
import { Documents } from './documents';
import { State } from './marks';
import { Money } from './money';
import { Next } from './next';
import './project.css';
import { Record } from './record';
import { useTexts } from './texts';

/** Forms are fetched when somebody may fill one in. */
const Acts = lazy(async () => ({ default: (await import('./acts')).Acts }));

const PARTS = ['course', 'documents', 'money', 'record'] as const;

/** A project's life: where it stands, who is awaited, what it costs, what has been recorded. */
export function ProjectPage() {
  const { id = '' } = useParams();
  const texts = useTexts();
  const [address] = useSearchParams();
  const part = PARTS.find((one) => one === address.get('part')) ?? 'course';
  const found = useQuery({ queryKey: ['project', id], queryFn: () => ask<Project>(`/projects/${id}`) });
  useTitle(found.data?.name ?? texts.list.title);
  if (!found.data) return found.error ? <NoPage error={found.error} /> : <Loading />;
  const project = found.data;
  return (
    <>
      <Head project={project} />
      <nav className="parts" aria-label={texts.parts.label}>
        {PARTS.map((one) => (
          <Link
            key={one}
            to={one === 'course' ? '?' : `?part=${one}`}
            replace
            aria-current={one === part ? 'page' : undefined}
          >
            {texts.parts[one]}
          </Link>
        ))}
      </nav>
      {part === 'course' && <Standing project={project} />}
      {part === 'documents' && <Documents project={project} />}
      {part === 'money' && <Money project={project} />}
      {part === 'record' && <Record project={project} />}
    </>
  );
}

function Head({ project }: { project: Project }) {
  const { words } = useLanguage();
  const texts = useTexts();
  const policy = usePolicy();
  const owner = project.bindings['project-owner'];
  const name = useOrganisations([owner]);
  const county = policy?.areas.find(({ code }) => code === project.county)?.name ?? project.county;
  const { document, endedAt } = project;
  const facts = [
    project.id,
    county,
    texts.plan(project.year),
    texts.begun(day(project.startedAt)),
    ...(endedAt ? [texts.ended(day(endedAt))] : []),
    ...(document ? [texts.document(document.number, document.date)] : []),
    ...(owner ? [texts.owner(name(owner))] : []),
    texts.policy(project.policyVersion),
  ];
  return (
    <header className="project-head">
      <h1>
        {project.name} <State state={project.status} text={texts.status[project.status] ?? project.status} />
      </h1>
      <ul className="project-facts">
        {facts.map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
        {project.engineUrl && (
          <li>
            <a href={project.engineUrl} target="_blank" rel="noreferrer">
              {texts.engine}
            </a>
          </li>
        )}
      </ul>
      {project.reason && <p>{texts.why(project.reason)}</p>}
      {project.lost.length > 0 && (
        <p className="problem">{texts.lost(project.lost.map((step) => words.steps[step]).join('、'))}</p>
      )}
      {project.repairs.map((one) => (
        <p key={one.at}>{texts.repaired(day(one.at), words.steps[one.step] ?? one.step, one.reason)}</p>
      ))}
    </header>
  );
}

function Standing({ project }: { project: Project }) {
  const { id } = project;
  const outlook = useQuery({
    queryKey: ['project', id, 'outlook'],
    queryFn: () => ask<Outlook>(`/projects/${id}/outlook`),
  });
  return (
    <>
      {outlook.error && <Failure error={outlook.error} />}
      {outlook.data && !project.endedAt && <Awaited outlook={outlook.data} />}
      <Course project={project} outlook={outlook.data} />
      {outlook.data && !project.endedAt && <Next outlook={outlook.data} />}
      {!project.endedAt && (
        <Suspense fallback={<Loading />}>
          <Acts project={project} />
        </Suspense>
      )}
    </>
  );
}
