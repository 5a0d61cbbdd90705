import { useQuery } from '@tanstack/react-query';
import { ask } from '../api/client';
import { useOrganisations, usePolicy } from '../api/names';
import type { Project, ProjectDocument } from '../api/projects';
import { Failure, Loading } from '../app/said';
import { Preview } from '../task/attachment';
import { day } from '../words/moments';
import { useLanguage } from '../words/language';
import { useTexts } from './texts';

/** What was handed in, by step; each file by the name under which the policy asks for it. */
export function Documents({ project }: { project: Project }) {
  const { words } = useLanguage();
  const texts = useTexts();
  const titleOf = useDocumentTitles();
  const found = useQuery({
    queryKey: ['project', project.id, 'documents'],
    queryFn: () => ask<{ items: ProjectDocument[] }>(`/projects/${project.id}/documents`),
  });
  const items = found.data?.items ?? [];
  const name = useOrganisations(items.map(({ organisation }) => organisation));
  if (!found.data) return found.error ? <Failure error={found.error} /> : <Loading />;
  if (items.length === 0) {
    return (
      <section className="card">
        <p>{texts.documents.none}</p>
      </section>
    );
  }
  const steps = [...new Set(items.map(({ step }) => step))];
  return steps.map((step) => (
    <section key={step} className="card">
      <h2>{words.steps[step]}</h2>
      <div className="scroll" role="region" aria-label={words.steps[step]} tabIndex={0}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{texts.documents.name}</th>
              <th scope="col">{texts.documents.file}</th>
              <th scope="col">{texts.documents.from}</th>
              <th scope="col">{texts.documents.at}</th>
            </tr>
          </thead>
          <tbody>
            {items
              .filter((one) => one.step === step)
              .map((one) => (
                <tr key={`${one.task}${one.id}${one.key}`}>
                  <td>{titleOf(one.key)}</td>
                  <td>
                    <Preview id={one.id} />
                  </td>
                  <td>
                    {name(one.organisation)}
                    <div className="hint">
                      {one.taskTitle}
                      {one.round > 1 && `（${texts.course.round(one.round)}）`}
                    </div>
                  </td>
                  <td className="whole">{day(one.at)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </section>
  ));
}

function useDocumentTitles(): (key: string) => string {
  const { language } = useLanguage();
  const texts = useTexts();
  const policy = usePolicy();
  return (key) => {
    if (key === 'paper') return texts.documents.paper;
    const asked = policy?.documents.find((one) => one.key === key);
    return (language === 'zh' ? asked?.name : asked?.nameEn) ?? texts.documents.other;
  };
}
